import path from 'node:path'
import type {JsonObject, JsonValue} from '../../contract/json-value.js'
import {readBaseImage} from '../../disks/base-image.js'
import {VmrunError} from '../../errors/errors.js'
import {codeOf} from '../../errors/thrown.js'
import {absolutePath, placeOf} from '../../host/path-in.js'
import {keySchemas} from '../../instances/schema.js'
import {describeMistake} from '../../instances/value-hint.js'
import type {Registry} from '../../plugins/registry.js'
import {printable} from '../../text/printable.js'

/** The keys of a first instance that somebody has to say something of, in the order in which they are asked for. */
export const askedKeys = ['name', 'image', 'arch', 'timeout-seconds'] as const

export type AskedKey = (typeof askedKeys)[number]

/** What somebody says of a first instance, as it is typed. The image's path is relative to the working directory. */
export type Answers = Readonly<Record<AskedKey, string>>

/** An instance as it stands in its file, in the order of the keys there. */
export interface FirstInstance extends JsonObject {
  readonly name: string
  /** Relative to the file's directory, or absolute. */
  readonly image: string
  readonly arch: string
  readonly 'timeout-seconds': number
  readonly config: JsonObject
}

/** What answers are checked against. */
export interface AnswerContext {
  readonly registry: Registry
  /** Whether the image has to be there. */
  readonly hostChecks: boolean
}

/**
 * What is wrong with an answer, and what to do about it, in a sentence; undefined where it holds.
 *
 * @param flag what it was given by, for the sentence
 */
export async function wrongWith(
  key: AskedKey,
  answer: string,
  {registry, hostChecks}: AnswerContext,
  flag?: string,
): Promise<string | undefined> {
  const schema = keySchemas(registry)[key]
  const mistake = schema && describeMistake(schema, jsonOf(key, answer), key, flag ?? 'it')
  if (mistake !== undefined) {
    return withHint(mistake.message, mistake.hint)
  }

  try {
    if (key === 'arch') {
      registry.architecture(answer)
    } else if (key === 'image' && hostChecks) {
      await readBaseImage(absolutePath(answer))
    }
  } catch (error) {
    if (error instanceof VmrunError) {
      return withHint(flag === undefined ? error.message : `${flag}: ${error.message}`, hintOf(error))
    }

    throw error
  }

  return
}

/** The instance that the answers, which all hold, describe in the file `file`. */
export async function firstInstance(answers: Answers, file: string): Promise<FirstInstance> {
  const {name, image, arch, 'timeout-seconds': seconds} = answers
  const stays = path.isAbsolute(image) || path.dirname(file) === '.'
  return {
    name,
    image: stays ? image : path.relative(path.dirname(await placeIfAny(file)), await placeIfAny(image)),
    arch,
    'timeout-seconds': Number(seconds),
    config: {},
  }
}

/** Of what is not there nobody can tell more than the text does. */
async function placeIfAny(file: string): Promise<string> {
  return await placeOf(file).catch(() => absolutePath(file))
}

const decimal = /^-?\d+(?:\.\d+)?$/u

function jsonOf(key: AskedKey, answer: string): JsonValue {
  return key === 'timeout-seconds' && decimal.test(answer) ? Number(answer) : answer
}

/** The hint of an image that is not there is about instances files, in which paths are relative to something else. */
function hintOf({hint, cause}: VmrunError): string | undefined {
  return codeOf(cause) === 'ENOENT'
    ? 'its path is relative to the current directory; --no-host-checks is for an image that this host does not have'
    : hint
}

function withHint(message: string, hint: string | undefined): string {
  return printable(hint === undefined ? message : `${message} (${hint})`)
}

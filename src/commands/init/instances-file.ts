import {access, constants, lstat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {JsonObject} from '../../contract/json-value.js'
import {HostError, UsageError} from '../../errors/errors.js'
import {codeOf} from '../../errors/thrown.js'
import {absolutePath, placeOf} from '../../host/path-in.js'
import {createAtomically, whyNotWritten} from '../../host/write-file.js'
import {checkText} from '../../instances/instances-file.js'
import type {Registry} from '../../plugins/registry.js'
import {quoted} from '../../text/printable.js'
import {formatOf} from '../../validation/open-instance.js'
import {type AnswerRequest, type Answers, firstAnswers} from './answers.js'

/** An instance as it stands in its file, in the order of the keys there. */
interface FirstInstance extends JsonObject {
  readonly name: string
  /** Relative to the file's directory, or absolute. */
  readonly image: string
  readonly arch: string
  readonly 'timeout-seconds': number
  readonly config: JsonObject
}

/** What was written. */
export interface InitializedFile {
  /** Absolute, or `-`: then nothing is written, and the text is for standard output. */
  readonly file: string
  /** As it stands in the file. */
  readonly instance: FirstInstance
  /** The file's. */
  readonly text: string
}

/**
 * Writes a first instances file, with one instance, whole or not at all.
 *
 * @throws UsageError when there is something of that name already, or a flag is wrong; HostError when it cannot be written
 */
export async function initInstancesFile(request: AnswerRequest): Promise<InitializedFile> {
  const {file, registry} = request
  const isFile = file !== '-'
  const absolute = absolutePath(file)
  if (isFile) {
    await attempt(file, () => expectRoomFor(file, absolute))
  }

  const instance = await firstInstance(await firstAnswers(request), file)
  const text = JSON.stringify([instance], undefined, 2)
  expectToHold(text, registry)
  if (isFile) {
    await attempt(file, () =>
      createAtomically(absolute, draft => writeFile(draft, `${text}\n`, {flag: 'wx'})),
    )
  }

  return {file: isFile ? absolute : file, instance, text}
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

/** Tells before anything is asked that the file could not be made. What has its name is in the way, be it a link to nowhere. */
async function expectRoomFor(file: string, absolute: string): Promise<void> {
  if (file === '' || file.endsWith('/')) {
    throw new UsageError(`${quoted(file)} is not the name of a file`, {
      hint: 'Name the file itself with --file.',
    })
  }

  const inTheWay: unknown = await lstat(absolute).then(
    () => existsError(file),
    (error: unknown) => error,
  )
  if (codeOf(inTheWay) !== 'ENOENT') {
    throw inTheWay
  }

  await access(path.dirname(absolute), constants.W_OK | constants.X_OK)
}

/** Has the code that reads instances files read this one. @throws UsageError */
function expectToHold(text: string, registry: Registry): void {
  const {problems} = checkText(text, formatOf(registry))
  const errors = problems.filter(({severity}) => severity === 'error')
  if (errors.length > 0) {
    throw new UsageError(
      errors.map(({message}) => message),
      {hint: 'Nothing was written. Write the file by hand, with the keys that init does not ask for.'},
    )
  }
}

async function attempt(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof UsageError) {
      throw error
    }

    throw codeOf(error) === 'EEXIST'
      ? existsError(file)
      : new HostError(`cannot write ${file}: ${whyNotWritten(error)}`, {cause: error})
  }
}

function existsError(file: string): UsageError {
  return new UsageError(`${file} exists already`, {
    hint: 'Nothing is overwritten: add instances to it by hand, or name another file with --file.',
  })
}

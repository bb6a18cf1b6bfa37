import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {readBaseImage} from '../../disks/base-image.js'
import {codeOf, ownError, UsageError} from '../../errors/errors.js'
import {absolutePath, pathIn, placeOf} from '../../host/path-in.js'
import {keySchemas} from '../../instances/schema.js'
import {describeMistake} from '../../instances/value-hint.js'
import type {Registry} from '../../plugins/registry.js'
import {printable} from '../../text/printable.js'

/** What somebody says of a first instance, as it is typed. The image's path is relative to the working directory. */
export type Answers = Readonly<Record<AskedKey, string>>

export type AskedKey = 'name' | 'image' | 'arch' | 'timeout-seconds'

/** What is asked of somebody. */
export interface Question {
  readonly key: AskedKey
  /** The flag that answers it. */
  readonly flag: string
  readonly text: string
  /** The answer when nothing else is said; undefined where there is none. */
  readonly default: string | undefined
  /** What is wrong with an answer; undefined where it holds. */
  readonly wrongWith: (answer: string) => Promise<string | undefined>
}

/** Gives an answer that holds. */
export type Ask = (question: Question) => Promise<string>

/** Where answers come from, and what they are checked against. */
export interface AnswerRequest {
  /** The instances file that they are for. */
  readonly file: string
  /** What the command line says. */
  readonly given: Readonly<Record<AskedKey, string | undefined>>
  /** Asks for the rest; undefined where nobody is there to answer. */
  readonly ask: Ask | undefined
  readonly registry: Registry
  /** Whether the image has to be there. */
  readonly hostChecks: boolean
}

/**
 * All that has to be said of a first instance. What the command line says is checked before anything is asked.
 *
 * @throws UsageError with everything that is wrong with the flags
 */
export async function firstAnswers(request: AnswerRequest): Promise<Answers> {
  const {given, ask} = request
  const questions = await questionsFor(request)
  const problems: string[] = []
  for (const {key, flag, default: suggested, wrongWith} of questions) {
    const said = given[key] ?? (ask ? undefined : suggested)
    const wrong = said === undefined ? undefined : await wrongWith(said)
    problems.push(...(wrong === undefined ? [] : [`${flag}: ${wrong}`]))
    if (said === undefined && ask === undefined) {
      problems.push(`${flag} is missing: it must be the path of a disk image`)
    }
  }

  if (problems.length > 0) {
    throw new UsageError(problems)
  }

  const answers: Record<AskedKey, string> = {name: '', image: '', arch: '', 'timeout-seconds': ''}
  for (const question of questions) {
    answers[question.key] = given[question.key] ?? (await ask?.(question)) ?? question.default ?? ''
  }

  return answers
}

async function questionsFor(request: AnswerRequest): Promise<readonly Question[]> {
  const {registry, file, ask} = request
  const question = (key: AskedKey, flag: string, text: string, suggested: string | undefined): Question => ({
    ...{key, flag, text, default: suggested},
    wrongWith: answer => mistakeIn(key, answer, request),
  })
  const image = ask && (await firstImage(file))
  return [
    question('name', '--name', 'Name of the instance', 'vm-1'),
    question('image', '--image', 'Base image, a qcow2 file', image),
    question('arch', '--arch', "The guest's architecture", registry.hostArchitecture),
    question('timeout-seconds', '--timeout', 'How long the guest may run, in seconds', '3600'),
  ]
}

/**
 * The first image beside an instances file, by name, as a path relative to the working directory; undefined where there is
 * none, or none that could be shown and typed.
 */
async function firstImage(file: string): Promise<string | undefined> {
  const directory = path.dirname(await placeOf(file))
  const entries = await readdir(directory, {withFileTypes: true})
  const [first] = entries
    .filter(entry => !entry.isDirectory())
    .map(({name}) => name)
    .filter(name => name.endsWith('.qcow2') && name === printable(name).trim())
    .toSorted()
  return first === undefined ? undefined : path.relative(process.cwd(), pathIn(directory, first))
}

/** What is wrong with an answer, and what to do about it, in a sentence; undefined where it holds. */
async function mistakeIn(
  key: AskedKey,
  answer: string,
  {registry, hostChecks}: AnswerRequest,
): Promise<string | undefined> {
  const schema = keySchemas(registry)[key]
  const value = key === 'timeout-seconds' && decimal.test(answer) ? Number(answer) : answer
  const mistake = schema && describeMistake(schema, value, key, 'it')
  if (mistake !== undefined) {
    return withHint(mistake.message, mistake.hint)
  }

  try {
    if (key === 'arch') {
      registry.architecture(answer)
    } else if (key === 'image' && hostChecks) {
      await readBaseImage(absolutePath(answer))
    }

    return
  } catch (error) {
    const {message, hint, cause} = ownError(error)
    // The hint of an image that is not there is about instances files, in which paths are relative to something else.
    return withHint(message, codeOf(cause) === 'ENOENT' ? absentImage : hint)
  }
}

const decimal = /^-?\d+(?:\.\d+)?$/u

const absentImage =
  'its path is relative to the current directory; --no-host-checks is for an image that this host does not have'

function withHint(message: string, hint: string | undefined): string {
  return printable(hint === undefined ? message : `${message} (${hint})`)
}

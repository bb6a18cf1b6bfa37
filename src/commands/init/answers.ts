import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {readBaseImage} from '../../disks/base-image.js'
import {UsageError, VmrunError} from '../../errors/errors.js'
import {codeOf} from '../../errors/thrown.js'
import {absolutePath, pathIn, placeOf} from '../../host/path-in.js'
import {keySchemas} from '../../instances/schema.js'
import {describeMistake} from '../../instances/value-hint.js'
import type {Registry} from '../../plugins/registry.js'
import {printable} from '../../text/printable.js'

/** What somebody says of a first instance, as it is typed. The image's path is relative to the working directory. */
export type Answers = Readonly<Record<AskedKey, string>>

export type AskedKey = keyof typeof flags

/** What each key is given by, in the order in which they are asked for. */
const flags = {name: '--name', image: '--image', arch: '--arch', 'timeout-seconds': '--timeout'} as const

/** What is asked of somebody. */
export interface Question {
  readonly key: AskedKey
  /** The answer when nothing else is said; undefined where there is none. */
  readonly default: string | undefined
  /** What can be answered, where that is known, the default first. */
  readonly choices?: readonly string[]
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
  const said = questions.map(({key, default: suggested}) => given[key] ?? (ask ? undefined : suggested))
  const problems = await Promise.all(
    questions.map(async ({key}, index) => {
      const answer = said[index]
      return answer === undefined ? undefined : await wrongWith(key, answer, request, flags[key])
    }),
  )
  if (ask === undefined && given.image === undefined) {
    problems.unshift('--image is missing: it must be the path of a disk image')
  }

  const found = problems.filter(problem => problem !== undefined)
  if (found.length > 0) {
    throw new UsageError(found)
  }

  const answers: Record<AskedKey, string> = {name: '', image: '', arch: '', 'timeout-seconds': ''}
  for (const [index, question] of questions.entries()) {
    answers[question.key] = said[index] ?? (await ask?.(question)) ?? ''
  }

  return answers
}

async function questionsFor(request: AnswerRequest): Promise<readonly Question[]> {
  const {registry, file, ask} = request
  const {hostArchitecture: host, architectures} = registry
  const names = architectures.map(({name}) => name)
  // The host's own first, which may be one that nobody contributes.
  const choices = names.toSorted((one, other) => Number(other === host) - Number(one === host))
  const about = (key: AskedKey, suggested: string | undefined): Question => ({
    key,
    default: suggested,
    wrongWith: answer => wrongWith(key, answer, request),
  })
  return [
    about('name', 'vm-1'),
    about('image', ask && (await firstImage(file))),
    {...about('arch', ask ? choices[0] : host), choices},
    about('timeout-seconds', '3600'),
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

/**
 * What is wrong with an answer, and what to do about it, in a sentence; undefined where it holds.
 *
 * @param flag what it was given by, for the sentence
 */
export async function wrongWith(
  key: AskedKey,
  answer: string,
  {registry, hostChecks}: Pick<AnswerRequest, 'registry' | 'hostChecks'>,
  flag?: string,
): Promise<string | undefined> {
  const schema = keySchemas(registry)[key]
  const value = key === 'timeout-seconds' && decimal.test(answer) ? Number(answer) : answer
  const mistake = schema && describeMistake(schema, value, key, flag ?? 'it')
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
    if (!(error instanceof VmrunError)) {
      throw error
    }

    const message = flag === undefined ? error.message : `${flag}: ${error.message}`
    // The hint of an image that is not there is about instances files, in which paths are relative to something else.
    return withHint(message, codeOf(error.cause) === 'ENOENT' ? absentImage : error.hint)
  }
}

const decimal = /^-?\d+(?:\.\d+)?$/u

const absentImage =
  'its path is relative to the current directory; --no-host-checks is for an image that this host does not have'

function withHint(message: string, hint: string | undefined): string {
  return printable(hint === undefined ? message : `${message} (${hint})`)
}

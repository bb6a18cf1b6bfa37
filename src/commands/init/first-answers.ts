import {UsageError} from '../../errors/errors.js'
import type {Registry} from '../../plugins/registry.js'
import {firstImage} from './first-image.js'
import {type AnswerContext, type Answers, type AskedKey, askedKeys, wrongWith} from './first-instance.js'

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

/** Where answers come from. */
export interface AnswerRequest extends AnswerContext {
  /** The instances file that they are for. */
  readonly file: string
  /** What the command line says. */
  readonly given: Readonly<Record<AskedKey, string | undefined>>
  /** Asks for the rest; undefined where nobody is there to answer. */
  readonly ask: Ask | undefined
}

const flags: Readonly<Record<AskedKey, string>> = {
  name: '--name',
  image: '--image',
  arch: '--arch',
  'timeout-seconds': '--timeout',
}

const defaults = {name: 'vm-1', 'timeout-seconds': '3600'}

/**
 * All that has to be said of a first instance. What the command line says is checked before anything is asked.
 *
 * @throws UsageError with everything that is wrong with the flags
 */
export async function firstAnswers(request: AnswerRequest): Promise<Answers> {
  const {ask} = request
  return ask === undefined ? await withDefaults(request) : await withAsked(request, ask)
}

async function withDefaults(request: AnswerRequest): Promise<Answers> {
  const {given, registry} = request
  const answers = {
    name: given.name ?? defaults.name,
    image: given.image,
    arch: given.arch ?? registry.hostArchitecture,
    'timeout-seconds': given['timeout-seconds'] ?? defaults['timeout-seconds'],
  }
  const {image} = answers
  const problems = await problemsOf(answers, request)
  if (image === undefined) {
    throw new UsageError(['--image is missing: it must be the path of a disk image', ...problems])
  }

  expectNone(problems)
  return {...answers, image}
}

async function withAsked(request: AnswerRequest, ask: Ask): Promise<Answers> {
  const {given, registry, file} = request
  expectNone(await problemsOf(given, request))
  const answerTo = async (key: AskedKey, more: Pick<Question, 'default' | 'choices'>): Promise<string> =>
    given[key] ?? (await ask({key, wrongWith: answer => wrongWith(key, answer, request), ...more}))
  return {
    name: await answerTo('name', {default: defaults.name}),
    image: await answerTo('image', {default: await firstImage(file)}),
    arch: await answerTo('arch', architecturesOf(registry)),
    'timeout-seconds': await answerTo('timeout-seconds', {default: defaults['timeout-seconds']}),
  }
}

/** The host's architecture first, which may be one that nobody contributes. */
function architecturesOf({architectures, hostArchitecture}: Registry): Pick<Question, 'default' | 'choices'> {
  const names = architectures.map(({name}) => name)
  const choices = [
    ...names.filter(name => name === hostArchitecture),
    ...names.filter(name => name !== hostArchitecture),
  ]
  return {default: choices[0], choices}
}

async function problemsOf(
  answers: AnswerRequest['given'],
  context: AnswerContext,
): Promise<readonly string[]> {
  const problems = await Promise.all(
    askedKeys.map(async key => {
      const answer = answers[key]
      return answer === undefined ? undefined : await wrongWith(key, answer, context, flags[key])
    }),
  )
  return problems.filter(problem => problem !== undefined)
}

function expectNone(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new UsageError(problems)
  }
}

import type {Instance} from '../../contract/instance.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../../contract/json-value.js'
import {HostError, messageOf, UsageError, VmrunError} from '../../errors/errors.js'
import {hints, pluginHint} from '../../text/hints.js'
import {didYouMean} from '../../text/nearest.js'
import {formatKeyPath, type KeyPath, mostProblems, type TextProblem} from '../problem.js'

/** What stands for a text that is found out when a run starts: `source` tells where, `argument` tells it what. */
interface Placeholder {
  readonly source: string
  readonly argument: string
}

/** A part of a string of the configuration. A string that begins a placeholder and does not end it has a mistake. */
export type Segment = string | Placeholder | {readonly mistake: string}

/** How a placeholder begins. */
const opening = '${{'
const closing = '}}'
const content = /^\s*(?<source>[A-Za-z][\w-]*)\s*:(?<argument>.*)$/su

/**
 * Takes apart a string that may hold placeholders, `${{ source:argument }}`, with or without the blanks. The argument
 * may hold anything but `}}`. `$${{` stands for the text `${{`. A mistake never repeats the text: it may be a secret.
 */
export function* parsePlaceholders(text: string): Generator<Segment> {
  let done = 0
  for (let start = text.indexOf(opening); start !== -1; start = text.indexOf(opening, done)) {
    const inside = start + opening.length
    if (start > done && text[start - 1] === '$') {
      yield text.slice(done, start - 1)
      yield opening
      done = inside
      continue
    }

    const end = text.indexOf(closing, inside)
    if (end === -1) {
      yield {mistake: `a placeholder is not closed with ${closing}`}
      return
    }

    yield text.slice(done, start)
    yield parseContent(text.slice(inside, end))
    done = end + closing.length
  }

  yield text.slice(done)
}

function parseContent(text: string): Segment {
  const {source, argument = ''} = content.exec(text)?.groups ?? {}
  if (source === undefined) {
    return {mistake: 'a placeholder does not consist of a name, a colon and an argument'}
  }

  const trimmed = argument.trim()
  return trimmed === ''
    ? {mistake: 'a placeholder has nothing behind its colon'}
    : {source, argument: trimmed}
}

/** A string in a config. */
export interface ConfigString {
  readonly text: string
  /** The way to it, which begins with `config`. */
  readonly path: () => KeyPath
}

/** Every value in `config` that is a string which may hold a placeholder, in its order; keys are not among them. */
export function placeholderStringsIn(config: JsonObject): readonly ConfigString[] {
  const found: ConfigString[] = []
  const look = (value: JsonObject | readonly JsonValue[], path: KeyPath): void => {
    for (const [step, part] of isJsonObject(value) ? Object.entries(value) : value.entries()) {
      if (typeof part === 'string' && part.includes('{{')) {
        found.push({text: part, path: () => [...path, step]})
      } else if (typeof part === 'object' && part !== null) {
        look(part, [...path, step])
      }
    }
  }
  look(config, ['config'])
  return found
}

/**
 * What is wrong with a part of a string, if anything. The name of a function that is not known is told only where it is
 * nearly a known one: otherwise it may be a part of a secret that is no placeholder at all.
 *
 * @param known the functions that there are
 * @param doubt says of an unknown function who may know it and could not be asked
 */
export function segmentProblem(
  segment: Segment,
  known: readonly string[],
  doubt: Doubt,
): Pick<TextProblem, 'rule' | 'message' | 'hint'> | undefined {
  if (typeof segment === 'string' || ('source' in segment && known.includes(segment.source))) {
    return
  }

  if ('mistake' in segment) {
    const hint = 'write ${{ NAME:ARGUMENT }}, or $${{ where the text ${{ itself is meant'
    return {rule: 'vmrun/malformed-placeholder', message: segment.mistake, hint}
  }

  const name = segment.source
  const meant = didYouMean(name, known)
  const message = `unknown function${meant === undefined ? '' : ` ${name}`} in a placeholder`
  const others = doubt(name) ?? (meant === undefined ? pluginHint : undefined)
  return {
    rule: 'vmrun/unknown-placeholder',
    message,
    hint: hints(meant ?? `there are ${known.join(', ')}`, others),
  }
}

type Doubt = (name: string) => string | undefined

/**
 * The sources of placeholders, by their names. Each finds out the text that a placeholder with this argument stands for.
 * It rejects with an error whose message says what was looked for and why it was not found, and holds no secret: a
 * UsageError where that is the user's fault.
 */
export type PlaceholderSources = ReadonlyMap<string, (argument: string) => Promise<string>>

/** What a part of a string stands for, or why nobody knows. */
type Outcome = {readonly text: string} | {readonly error: unknown}

/**
 * A copy of the configuration of `instance` in whose values every placeholder is replaced by what `sources` give for
 * it. Keys stay as they are, and what a source gives is never looked at again: a variable that holds `${{` keeps it.
 * A source is asked once for each argument, however often the configuration names it.
 *
 * @param doubt says of an unknown function who may know it and could not be asked
 * @throws UsageError that lists every placeholder that cannot be resolved, one a line, with the hints that there are, and
 *   shows no value; HostError when none of them is the user's fault
 */
export async function resolvePlaceholders(
  {name, config}: Pick<Instance, 'name' | 'config'>,
  sources: PlaceholderSources,
  doubt: Doubt = () => undefined,
): Promise<JsonObject> {
  const strings = placeholderStringsIn(config)
  const asked = new Map<string, Promise<Outcome>>()
  for (const {text} of strings) {
    for (const segment of parsePlaceholders(text)) {
      if (typeof segment !== 'string' && !asked.has(idOf(segment))) {
        asked.set(idOf(segment), ask(segment, sources, doubt))
      }
    }
  }

  const outcomes = new Map<string, Outcome>()
  for (const [id, outcome] of asked) {
    outcomes.set(id, await outcome)
  }

  const outcomeOf = (segment: Segment): Outcome =>
    (typeof segment === 'string' ? undefined : outcomes.get(idOf(segment))) ?? {text: String(segment)}
  expectTexts(name, strings, outcomeOf)
  const textOf = (segment: Segment): string => {
    const outcome = outcomeOf(segment)
    return 'text' in outcome ? outcome.text : ''
  }
  // What JSON.parse makes has `__proto__` as data.
  return JSON.parse(JSON.stringify(config), (_, value: unknown) =>
    typeof value === 'string' ? Array.from(parsePlaceholders(value), textOf).join('') : value,
  )
}

function idOf(segment: Exclude<Segment, string>): string {
  return 'source' in segment ? `${segment.source}:${segment.argument}` : segment.mistake
}

async function ask(
  segment: Exclude<Segment, string>,
  sources: PlaceholderSources,
  doubt: Doubt,
): Promise<Outcome> {
  const find = 'source' in segment ? sources.get(segment.source) : undefined
  try {
    if ('source' in segment && find !== undefined) {
      return {text: await find(segment.argument)}
    }

    const {message = '', hint} = segmentProblem(segment, Array.from(sources.keys()), doubt) ?? {}
    return {error: new UsageError(`${message} (${hint})`)}
  } catch (error) {
    return {error}
  }
}

/**
 * Throws what failed in one error: each on a line of its own, of very many the first, and every hint once. It is the user's
 * where one of them is, which another try does not change; what the host lacks may be there then.
 *
 * @param name the instance's
 */
function expectTexts(
  name: string,
  strings: readonly ConfigString[],
  outcomeOf: (segment: Segment) => Outcome,
): void {
  const failures = strings.flatMap(({text, path}) =>
    Array.from(parsePlaceholders(text), outcomeOf).flatMap(outcome =>
      'error' in outcome ? {error: outcome.error, path} : [],
    ),
  )
  if (failures.length === 0) {
    return
  }

  const shown = failures.slice(0, mostProblems)
  const further = failures.length - shown.length
  const lines = [
    ...shown.map(({error, path}) => `${name}: ${formatKeyPath(path())}: ${messageOf(error)}`),
    ...(further > 0 ? [`${further} more placeholders, which are not shown`] : []),
  ]
  const told = shown.flatMap(({error}) =>
    error instanceof VmrunError ? (error.hint?.split('\n') ?? []) : [],
  )
  const hint = told.length === 0 ? undefined : Array.from(new Set(told))
  const isWrong = failures.some(({error}) => error instanceof UsageError)
  throw new (isWrong ? UsageError : HostError)(lines, {hint})
}

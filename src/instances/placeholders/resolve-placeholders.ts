import type {Instance} from '../../contract/instance.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../../contract/json-value.js'
import {HostError, UsageError, VmrunError} from '../../errors/errors.js'
import {messageOf} from '../../errors/thrown.js'
import {formatKeyPath, type KeyPath} from '../key-path.js'
import {mostProblems} from '../problem.js'
import {
  describeUnknownFunction,
  type Placeholder,
  parsePlaceholders,
  placeholderStringsIn,
  type Segment,
} from './placeholders.js'

/** Who may know an unknown function and could not be asked. */
type Doubt = (name: string) => string | undefined

/**
 * Finds out the text that a placeholder with this argument stands for. Rejects with an error whose message says what
 * was looked for and why it was not found, and holds no secret: a UsageError where that is the user's fault.
 */
type PlaceholderSource = (argument: string) => Promise<string>

/** The sources of placeholders, by their names. */
export type PlaceholderSources = ReadonlyMap<string, PlaceholderSource>

interface Outcome {
  readonly text: string
  /** What was thrown. */
  readonly failures: readonly unknown[]
}

/**
 * A copy of the configuration of `instance` in whose values every placeholder is replaced by what `sources` give for
 * it. Keys stay as they are, and what a source gives is never looked at again: a variable that holds `${{` keeps it.
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
  const strings = Array.from(placeholderStringsIn(config), ({text, path}) => ({text, path: path()}))
  const ask = askOnce(sources, doubt)
  const texts = Array.from(new Set(strings.map(({text}) => text)))
  const outcomes = new Map(
    await Promise.all(texts.map(async text => [text, await resolveText(text, ask)] as const)),
  )
  const failures = strings.flatMap(({text, path}) =>
    (outcomes.get(text)?.failures ?? []).map(error => ({error, path})),
  )
  if (failures.length > 0) {
    throw placeholderError(name, failures)
  }
  return replaceInObject(config, text => outcomes.get(text)?.text ?? text)
}

type Ask = (placeholder: Placeholder) => Promise<Outcome>

/** Asks the sources, each placeholder once, however often the configuration names it. */
function askOnce(sources: PlaceholderSources, doubt: Doubt): Ask {
  const known = new Map<string, Promise<Outcome>>()
  return placeholder => {
    const id = `${placeholder.source}:${placeholder.argument}`
    const outcome = known.get(id) ?? askSource(placeholder, sources, doubt)
    known.set(id, outcome)
    return outcome
  }
}

async function askSource(
  {source, argument}: Placeholder,
  sources: PlaceholderSources,
  doubt: Doubt,
): Promise<Outcome> {
  const find = sources.get(source)
  if (find === undefined) {
    const {message, hint} = describeUnknownFunction(source, Array.from(sources.keys()), doubt)
    return failed(new UsageError(`${message} (${hint})`))
  }
  try {
    return {text: await find(argument), failures: []}
  } catch (error) {
    return failed(error)
  }
}

async function resolveText(text: string, ask: Ask): Promise<Outcome> {
  const outcomes = await Promise.all(
    Array.from(parsePlaceholders(text), segment => resolveSegment(segment, ask)),
  )
  return {
    text: outcomes.map(outcome => outcome.text).join(''),
    failures: outcomes.flatMap(outcome => outcome.failures),
  }
}

async function resolveSegment(segment: Segment, ask: Ask): Promise<Outcome> {
  if (typeof segment === 'string') {
    return {text: segment, failures: []}
  }
  return 'fault' in segment ? failed(new UsageError(segment.fault)) : await ask(segment)
}

function failed(failure: unknown): Outcome {
  return {text: '', failures: [failure]}
}

function replaceIn(value: JsonValue, replace: (text: string) => string): JsonValue {
  if (typeof value === 'string') {
    return replace(value)
  }
  if (isJsonObject(value)) {
    return replaceInObject(value, replace)
  }
  return typeof value === 'object' && value !== null ? value.map(item => replaceIn(item, replace)) : value
}

function replaceInObject(object: JsonObject, replace: (text: string) => string): JsonObject {
  // Object.fromEntries defines its keys and so keeps `__proto__` as data, where an assignment would not.
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, replaceIn(value, replace)]))
}

/** What was thrown for a placeholder, and where that stands. */
interface PlaceholderFailure {
  readonly error: unknown
  readonly path: KeyPath
}

/**
 * What failed in one error: each on a line of its own, of very many the first, and every hint once. It is the user's where one of them
 * is, which another try does not change; what the host lacks may be there then.
 *
 * @param name the instance's
 */
function placeholderError(name: string, failures: readonly PlaceholderFailure[]): VmrunError {
  const shown = failures.slice(0, mostProblems)
  const further = failures.length - shown.length
  const lines = [
    ...shown.map(({error, path}) => `${name}: ${formatKeyPath(path)}: ${messageOf(error)}`),
    ...(further > 0 ? [`${further} more placeholders, which are not shown`] : []),
  ]
  const hints = shown.flatMap(({error}) => (error instanceof VmrunError ? (error.hint ?? []) : []))
  const hint = hints.length === 0 ? undefined : Array.from(new Set(hints.flatMap(one => one.split('\n'))))
  const isWrong = failures.some(({error}) => error instanceof UsageError)
  return isWrong ? new UsageError(lines, {hint}) : new HostError(lines, {hint})
}

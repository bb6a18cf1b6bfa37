import type {Instance} from '../../contract/instance.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../../contract/json-value.js'
import {HostError, messageOf, UsageError, VmrunError} from '../../errors/errors.js'
import {hints, pluginHint} from '../../text/hints.js'
import {didYouMean} from '../../text/nearest.js'
import {formatKeyPath, type KeyPath, mostProblems, type TextProblem} from '../problem.js'

/** A use of a placeholder, which stands for a text that is found out when a run starts. */
interface PlaceholderUse {
  /** Tells where. */
  readonly source: string
  /** Tells it what. */
  readonly argument: string
}

/** A part of a string of the configuration. A string that begins a placeholder and does not end it has a mistake. */
type Segment = string | PlaceholderUse | {readonly mistake: string}

/** Stands for what begins a placeholder, as text. */
export const escapedOpening = '$${{'
const token = /\$\$\{\{|\$\{\{(?<inside>.*?)\}\}|\$\{\{/gsu
const content = /^\s*(?<source>[A-Za-z][\w-]*)\s*:(?<argument>.*)$/su

/**
 * Takes apart a string that may hold placeholders, `${{ source:argument }}`, with or without the blanks. The argument
 * may hold anything but `}}`. `$${{` stands for the text `${{`. A mistake never repeats the text: it may be a secret.
 */
export function* parsePlaceholders(text: string): Generator<Segment> {
  let done = 0
  for (const {0: found, index, groups} of text.matchAll(token)) {
    yield text.slice(done, index)
    done = index + found.length
    const inside = groups?.['inside']
    if (found === escapedOpening) {
      yield found.slice(1)
    } else if (inside === undefined) {
      yield {mistake: 'a placeholder is not closed with }}'}
      return
    } else {
      yield parseContent(inside)
    }
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

/** Every value in `config` that is a string which may hold a placeholder, and the way to it, in its order; no keys. */
export function placeholderStringsIn(
  config: JsonObject,
): ReadonlyArray<{readonly text: string; readonly path: () => KeyPath}> {
  const found: {text: string; path: () => KeyPath}[] = []
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
  const known = Array.from(sources.keys())
  const find = async (segment: Exclude<Segment, string>): Promise<string> => {
    const problem = segmentProblem(segment, known, doubt)
    const resolve = 'source' in segment && sources.get(segment.source)
    if (problem !== undefined || !resolve) {
      throw new UsageError(`${problem?.message} (${problem?.hint})`)
    }

    return await resolve(segment.argument)
  }
  const asked = new Map<string, Promise<string>>()
  const ask = (segment: Segment): string | Promise<string> => {
    if (typeof segment === 'string') {
      return segment
    }

    const id = 'source' in segment ? `${segment.source}:${segment.argument}` : segment.mistake
    const text = asked.get(id) ?? find(segment)
    asked.set(id, text)
    return text
  }
  const strings = placeholderStringsIn(config).map(async ({text, path}) => {
    const outcomes = await Promise.allSettled(Array.from(parsePlaceholders(text), ask))
    return {text, path, outcomes}
  })
  const settled = await Promise.all(strings)
  const failures = settled.flatMap(({outcomes, path}) =>
    outcomes.flatMap(outcome => (outcome.status === 'rejected' ? {error: outcome.reason, path} : [])),
  )
  if (failures.length > 0) {
    throw unresolved(name, failures)
  }

  const texts = new Map(
    settled.map(({text, outcomes}) => [
      text,
      outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value : '')).join(''),
    ]),
  )
  // What JSON.parse makes has `__proto__` as data.
  return JSON.parse(JSON.stringify(config), (_, value: unknown) =>
    typeof value === 'string' ? (texts.get(value) ?? value) : value,
  )
}

/**
 * What failed in one error: each on a line of its own, of very many the first, and every hint once. It is the user's
 * where one of them is, which another try does not change; what the host lacks may be there then.
 *
 * @param name the instance's
 */
function unresolved(
  name: string,
  failures: ReadonlyArray<{readonly error: unknown; readonly path: () => KeyPath}>,
): VmrunError {
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
  return new (isWrong ? UsageError : HostError)(lines, {hint})
}

import {isJsonObject, type JsonObject, type JsonValue} from '../../contract/json-value.js'
import {pluginHint} from '../../text/hints.js'
import {didYouMean} from '../../text/nearest.js'
import type {KeyPath} from '../key-path.js'

/** What stands for a text that is found out when a run starts: `source` tells where, `argument` tells it what. */
export interface Placeholder {
  readonly source: string
  readonly argument: string
}

/** A part of a string of the configuration. A string that begins a placeholder and does not end it has a fault. */
export type Segment = string | Placeholder | {readonly fault: string}

/** How a placeholder begins. */
const opening = '${{'
const closing = '}}'
const content = /^\s*(?<source>[A-Za-z][\w-]*)\s*:(?<argument>.*)$/su

/**
 * Takes apart a string that may hold placeholders, `${{ source:argument }}`, with or without the blanks. The argument
 * may hold anything but `}}`. `$${{` stands for the text `${{`. A fault never repeats the text: it may be a secret.
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
      yield {fault: `a placeholder is not closed with ${closing}`}
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
    return {fault: 'a placeholder does not consist of a name, a colon and an argument'}
  }
  const trimmed = argument.trim()
  return trimmed === '' ? {fault: 'a placeholder has nothing behind its colon'} : {source, argument: trimmed}
}

/** A string in a config. */
export interface ConfigString {
  readonly text: string
  /** The way to it, which begins with `config`. Only while it is the one that was asked for last. */
  readonly path: () => KeyPath
}

/** An array or an object, and how far it was gone through. */
interface OpenValue {
  readonly steps: Iterator<readonly [string | number, JsonValue]>
  /** The way to the part that is looked at. */
  step: string | number
}

/** Every value in `config` that is a string which may hold a placeholder, in its order; keys are not among them. */
export function* placeholderStringsIn(config: JsonObject): Generator<ConfigString> {
  const open: OpenValue[] = [openValue({config})]
  const path = () => open.map(({step}) => step)
  for (let innermost = open.at(-1); innermost !== undefined; innermost = open.at(-1)) {
    const next = innermost.steps.next()
    if (next.done) {
      open.pop()
      continue
    }

    const [step, part] = next.value
    innermost.step = step
    if (typeof part === 'object' && part !== null) {
      open.push(openValue(part))
    } else if (typeof part === 'string' && part.includes('{{')) {
      yield {text: part, path}
    }
  }
}

function openValue(value: JsonObject | readonly JsonValue[]): OpenValue {
  return {steps: isJsonObject(value) ? Object.entries(value).values() : value.entries(), step: ''}
}

/**
 * What to tell of a placeholder whose function is not known. Its name is told only where it is nearly a known one:
 * otherwise it may be a part of a secret that is no placeholder at all.
 *
 * @param known the functions that there are
 * @param doubt says of an unknown function who may know it and could not be asked
 */
export function describeUnknownFunction(
  name: string,
  known: readonly string[],
  doubt: (name: string) => string | undefined,
): {readonly message: string; readonly hint: string} {
  const meant = didYouMean(name, known)
  const asked = doubt(name) ?? (meant === undefined ? pluginHint : undefined)
  return {
    message: `unknown function${meant === undefined ? '' : ` ${name}`} in a placeholder`,
    hint: [meant ?? `there are ${known.join(', ')}`, asked].filter(Boolean).join('; '),
  }
}

import {didYouMean} from '../text/nearest.js'
import {pluginHint} from '../text/plugin-hint.js'
import {isJsonObject, type JsonObject, type JsonValue} from './json-value.js'
import type {KeyPath} from './key-path.js'

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
export function parsePlaceholders(text: string): Segment[] {
  const segments: Segment[] = []
  let done = 0
  for (let start = text.indexOf(opening); start !== -1; start = text.indexOf(opening, done)) {
    const inside = start + opening.length
    const end = text.indexOf(closing, inside)
    if (start > done && text[start - 1] === '$') {
      segments.push(text.slice(done, start - 1), opening)
      done = inside
    } else if (end === -1) {
      return [...segments, {fault: `a placeholder is not closed with ${closing}`}]
    } else {
      segments.push(text.slice(done, start), parseContent(text.slice(inside, end)))
      done = end + closing.length
    }
  }
  return [...segments, text.slice(done)]
}

function parseContent(text: string): Segment {
  const {source, argument = ''} = content.exec(text)?.groups ?? {}
  if (source === undefined) {
    return {fault: 'a placeholder does not consist of a name, a colon and an argument'}
  }
  const trimmed = argument.trim()
  return trimmed === '' ? {fault: 'a placeholder has nothing behind its colon'} : {source, argument: trimmed}
}

/** A string in a config, and the way to it. */
export interface ConfigString {
  readonly text: string
  /** Begins with `config`. */
  readonly path: KeyPath
}

interface LocatedValue {
  readonly value: JsonValue
  readonly path: KeyPath
}

/** Every string that is a value in `config`, in its order; keys are not among them. */
export function* stringsIn(config: JsonObject): Generator<ConfigString> {
  const ahead: LocatedValue[] = [{value: config, path: ['config']}]
  for (let current = ahead.pop(); current !== undefined; current = ahead.pop()) {
    const {value, path} = current
    if (typeof value === 'string') {
      yield {text: value, path}
    } else {
      addParts(value, path, ahead)
    }
  }
}

/** The last comes first, as the first is taken from the end. What holds no text, as most that is none, is left out. */
function addParts(value: JsonValue, path: KeyPath, ahead: LocatedValue[]): void {
  if (typeof value !== 'object' || value === null) {
    return
  }
  const steps = isJsonObject(value) ? Object.entries(value) : Array.from(value.entries())
  for (const [step, part] of steps.reverse()) {
    if (typeof part === 'string' || typeof part === 'object') {
      ahead.push({value: part, path: [...path, step]})
    }
  }
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

import type {Span} from './fault.js'
import {foreignQuotes} from './tokens.js'
import type {JsonValue} from './value.js'

/** A value in a text, and where it stands. */
export type JsonNode = ScalarNode | ArrayNode | ObjectNode

/** A string, a number, true, false or null; or what stands in the place of one. */
interface ScalarNode extends Span {
  readonly type: 'scalar'
}

interface ArrayNode extends Span {
  readonly type: 'array'
  readonly elements: readonly JsonNode[]
}

/** Keys and their values, in the order of the text; one key may stand there more than once. */
export class ObjectNode implements Span {
  readonly type = 'object'
  readonly start: number
  readonly end: number
  readonly members: readonly Member[]
  #byKey: ReadonlyMap<string, Member> | undefined

  constructor({start, end}: Span, members: readonly Member[]) {
    this.start = start
    this.end = end
    this.members = members
  }

  /** The last of a key, as that is the one whose value counts. */
  member(key: string): Member | undefined {
    this.#byKey ??= new Map(this.members.map(member => [member.key, member]))
    return this.#byKey.get(key)
  }
}

/** A key and its value. */
export interface Member {
  readonly key: string
  readonly keySpan: Span
  readonly value: JsonNode
}

/** The text of a string or a key, its escapes resolved; of what is no string, what stands there. */
export function textAt(text: string, {start, end}: Span): string {
  const closing = foreignQuotes.get(text[start] ?? '') ?? '"'
  const isQuoted = end - start > 1 && isQuote(text[start]) && text[end - 1] === closing
  const content = isQuoted ? text.slice(start + 1, end - 1) : text.slice(start, end)
  if (!(isQuoted && content.includes('\\'))) {
    return content
  }
  const decoded = parsed(text.slice(start, end))
  return typeof decoded === 'string' ? decoded : content
}

function isQuote(character = ''): boolean {
  return character === '"' || foreignQuotes.has(character)
}

/** What `node` stands for; what is no JSON in it stands for its own text. */
export function meaningOf(node: JsonNode, text: string): JsonValue {
  return parsed(text.slice(node.start, node.end)) ?? mendedValue(node, text)
}

/** Of arrays and objects no part is parsed as a whole again, which would take its time for each level. */
function mendedValue(node: JsonNode, text: string): JsonValue {
  switch (node.type) {
    case 'scalar':
      return scalarValue(text, node)
    case 'array':
      return node.elements.map(element => mendedValue(element, text))
    case 'object':
      return Object.fromEntries(node.members.map(({key, value}) => [key, mendedValue(value, text)]))
  }
}

function scalarValue(text: string, {start, end}: Span): JsonValue {
  const value = parsed(text.slice(start, end))
  return value === undefined ? textAt(text, {start, end}) : value
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

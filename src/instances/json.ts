import {type Node, type ParseError, parseTree} from 'jsonc-parser'
import type {JsonValue} from '../contract/json-value.js'
import {excessOf} from './json-excess.js'
import {faultOf, type Span, type SyntaxFault} from './json-faults.js'

/** A value in a text, and where it stands. */
export type JsonNode = Node

/** What a text holds. */
export type ReadJson = {readonly root: Node} | {readonly fault: SyntaxFault}

/** Reads a text of JSON (RFC 8259); of what is wrong with it, the first thing. */
export function readJson(text: string): ReadJson {
  const excess = excessOf(text)
  if (excess !== undefined) {
    return {fault: excess}
  }

  const errors: ParseError[] = []
  const root = parseTree(text, errors, {disallowComments: true, allowTrailingComma: false})
  const [first] = errors.toSorted((one, other) => one.offset - other.offset)
  return first === undefined && root !== undefined ? {root} : {fault: faultOf(text, first)}
}

/** What a node stands for. By JSON.parse, to which `__proto__` is a key like any other. */
export function meaningOf({offset, length}: Span, text: string): JsonValue {
  return JSON.parse(text.slice(offset, offset + length))
}

/** A member of an object. */
export interface Member {
  readonly key: string
  readonly keyNode: Node
  readonly value: Node
}

/** The members of an object in their order; one key may be there more than once. None of what is no object. */
export function membersOf({type, children = []}: Node): readonly Member[] {
  return type === 'object'
    ? children.flatMap(({children: [keyNode, value] = []}) =>
        keyNode === undefined || value === undefined ? [] : [{key: String(keyNode.value), keyNode, value}],
      )
    : []
}

/** The elements of an array; none of what is no array. */
export function elementsOf({type, children = []}: Node): readonly Node[] {
  return type === 'array' ? children : []
}

/** The value at `path` below `node`, or the innermost value around it that the text does hold. */
export function nodeAt(node: Node, path: readonly (string | number)[]): Node {
  let innermost = node
  for (const step of path) {
    // The last of a key counts, as for JSON.parse.
    const inner = typeof step === 'number' ? elementsOf(innermost)[step] : memberNamed(innermost, step)
    if (inner === undefined) {
      break
    }

    innermost = inner
  }

  return innermost
}

function memberNamed({type, children = []}: Node, key: string): Node | undefined {
  return type === 'object'
    ? children.findLast(one => one.children?.[0]?.value === key)?.children?.[1]
    : undefined
}

/** What to point at for a value: an array or an object may be long, and so its bracket stands for it. */
export function headOf({type, offset, length}: Node): Span {
  return {offset, length: type === 'array' || type === 'object' ? 1 : length}
}

import type {Span} from '../json/fault.js'
import type {JsonNode} from '../json/node.js'
import type {KeyPath} from './key-path.js'

/** What to point at for the value at `path` below `node`, or for the innermost value around it that the file does hold. */
export function spanOfValue(node: JsonNode, path: KeyPath): Span {
  return headOf(nodeAt(node, path))
}

/** The value at `path` below `node`, or the innermost value around it that the file does hold. */
export function nodeAt(node: JsonNode, path: KeyPath): JsonNode {
  let innermost = node
  for (const step of path) {
    const inner = childAt(innermost, step)
    if (inner === undefined) {
      break
    }
    innermost = inner
  }
  return innermost
}

/** Where the key `key` of the object `node` stands, or what to point at for that. */
export function spanOfKey(node: JsonNode, key: string): Span {
  return (node.type === 'object' ? node.member(key)?.keySpan : undefined) ?? headOf(node)
}

/** The node `step` below `node`, or undefined where there is none. */
export function childAt(node: JsonNode, step: string | number): JsonNode | undefined {
  if (typeof step === 'number') {
    return node.type === 'array' ? node.elements[step] : undefined
  }
  return node.type === 'object' ? node.member(step)?.value : undefined
}

/** What to point at for `node`: an array or an object may be long, and so its bracket stands for it. */
export function headOf({type, start, end}: JsonNode): Span {
  return {start, end: type === 'scalar' ? end : start + 1}
}

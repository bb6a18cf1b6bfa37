import {elementsOf, type JsonNode, membersOf} from '../../instances/json.js'
import type {Span} from '../../instances/json-faults.js'
import {ownKeyNames} from '../../instances/schema.js'

/** Keys whose values are no secrets, whoever wrote them: those of vmrun itself, but for the config. */
const shownKeys: ReadonlySet<string> = new Set([...ownKeyNames.filter(key => key !== 'config'), '$schema'])
/** The same for keys inside those. */
const shownInnerKeys: ReadonlySet<string> = new Set(['kind', 'bus'])

/**
 * What nobody but the reader of an instances file may see of a part of it: every value that is, or could be, one of a
 * config. Brackets, commas, colons and keys are shown.
 *
 * @returns in the order of the text
 */
export function hiddenSpans(root: JsonNode, window: Span): readonly Span[] {
  return root.type === 'object'
    ? membersOf(partOf(root, window)).flatMap(({key, value}) =>
        key === 'instances'
          ? hiddenIn(value, window, shownKeys)
          : hiddenMember(key, value, window, shownKeys),
      )
    : hiddenIn(root, window, shownKeys)
}

/** @param shown the keys whose values may be seen */
function hiddenIn(node: JsonNode, window: Span, shown: ReadonlySet<string>): readonly Span[] {
  if (node.offset >= window.offset + window.length || node.offset + node.length <= window.offset) {
    return []
  }

  const part = partOf(node, window)
  return part.children === undefined
    ? [part]
    : [
        ...elementsOf(part).flatMap(element => hiddenIn(element, window, shown)),
        ...membersOf(part).flatMap(({key, value}) => hiddenMember(key, value, window, shown)),
      ]
}

function hiddenMember(
  key: string,
  value: JsonNode,
  window: Span,
  shown: ReadonlySet<string>,
): readonly Span[] {
  return shown.has(key) ? hiddenBelow(value, window) : hiddenIn(value, window, new Set())
}

/** What of a value that may be seen may not. */
function hiddenBelow(node: JsonNode, window: Span): readonly Span[] {
  const part = partOf(node, window)
  return [
    ...elementsOf(part).flatMap(element => hiddenBelow(element, window)),
    ...membersOf(part).flatMap(({key, value}) => hiddenMember(key, value, window, shownInnerKeys)),
  ]
}

/** A node with those of its children alone that the window holds something of. They stand in the order of the text. */
function partOf(node: JsonNode, {offset, length}: Span): JsonNode {
  const {children} = node
  if (children === undefined) {
    return node
  }

  let [first, behind] = [0, children.length]
  while (first < behind) {
    const middle = Math.floor((first + behind) / 2)
    const child = children[middle]
    if (child !== undefined && child.offset + child.length <= offset) {
      first = middle + 1
    } else {
      behind = middle
    }
  }

  let last = first
  while ((children[last]?.offset ?? Number.POSITIVE_INFINITY) < offset + length) {
    last += 1
  }

  return {...node, children: children.slice(first, last)}
}

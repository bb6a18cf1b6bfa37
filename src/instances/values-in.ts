import type {JsonNode} from '../json/node.js'
import type {KeyPath} from './key-path.js'

/** A value in the file. */
export interface LocatedValue {
  readonly node: JsonNode
  /** The last step of the way to it; undefined for the value that the way begins at. */
  readonly step: string | number | undefined
  /** What it is in. */
  readonly outer: LocatedValue | undefined
}

/** `node`, and every value below it, in the order of the file. It keeps no more of them at a time than are nested. */
export function* valuesIn(node: JsonNode): Generator<LocatedValue> {
  const root: LocatedValue = {node, step: undefined, outer: undefined}
  yield root
  const open = [{value: root, next: 0}]
  for (let innermost = open.at(-1); innermost !== undefined; innermost = open.at(-1)) {
    const child = childOf(innermost.value, innermost.next)
    innermost.next += 1
    if (child === undefined) {
      open.pop()
    } else {
      yield child
      if (child.node.type !== 'scalar') {
        open.push({value: child, next: 0})
      }
    }
  }
}

/** The way from where `valuesIn` began to `value`. */
export function pathOf(value: LocatedValue): KeyPath {
  const steps: (string | number)[] = []
  for (let current: LocatedValue | undefined = value; current?.step !== undefined; current = current.outer) {
    steps.push(current.step)
  }
  return steps.reverse()
}

function childOf(outer: LocatedValue, index: number): LocatedValue | undefined {
  const {node} = outer
  switch (node.type) {
    case 'scalar':
      return
    case 'array': {
      const element = node.elements[index]
      return element && {node: element, step: index, outer}
    }
    case 'object': {
      const member = node.members[index]
      return member && {node: member.value, step: member.key, outer}
    }
  }
}

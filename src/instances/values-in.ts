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

/** `node`, and every value below it, in the order of the file. */
export function* valuesIn(node: JsonNode): Generator<LocatedValue> {
  const ahead: LocatedValue[] = [{node, step: undefined, outer: undefined}]
  for (let current = ahead.pop(); current !== undefined; current = ahead.pop()) {
    yield current
    addChildren(current, ahead)
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

/** The last comes first, as the first is taken from the end. */
function addChildren(outer: LocatedValue, ahead: LocatedValue[]): void {
  const {node} = outer
  if (node.type === 'array') {
    for (let step = node.elements.length - 1; step >= 0; step -= 1) {
      const element = node.elements[step]
      if (element !== undefined) {
        ahead.push({node: element, step, outer})
      }
    }
  } else if (node.type === 'object') {
    for (const {key, value} of node.members.toReversed()) {
      ahead.push({node: value, step: key, outer})
    }
  }
}

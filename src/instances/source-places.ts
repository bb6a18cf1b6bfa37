import type {MemberNode, ValueNode} from '@humanwhocodes/momoa'
import type {KeyPath} from './key-path.js'
import type {Place} from './problem.js'

/** The key of a member of an object, its escapes resolved. */
export function keyOf({name}: MemberNode): string {
  return name.type === 'String' ? name.value : name.name
}

/** Where the value at `path` below `node` begins, or the innermost value around it that the file does hold. */
export function placeOfValue(node: ValueNode, path: KeyPath): Place {
  let innermost = node
  for (const step of path) {
    const inner = childAt(innermost, step)
    if (inner === undefined) {
      break
    }
    innermost = inner
  }
  return placeOf(innermost)
}

/** Where each key of the object `node` stands: its last place, as that is the one whose value counts. */
export function placesOfKeys(node: ValueNode): ReadonlyMap<string, Place> {
  const members = node.type === 'Object' ? node.members : []
  return new Map(members.map(member => [keyOf(member), placeOf(member.name)]))
}

/** The node `step` below `node`, or undefined where there is none. */
export function childAt(node: ValueNode, step: string | number): ValueNode | undefined {
  if (typeof step === 'number') {
    return node.type === 'Array' ? node.elements[step]?.value : undefined
  }
  return memberOf(node, step)?.value
}

/** Where `node` begins. */
export function placeOf({loc: {start}}: Pick<ValueNode, 'loc'>): Place {
  return {line: start.line, column: start.column}
}

/** A value in the file, and the way to it. */
export interface LocatedValue {
  readonly node: ValueNode
  readonly path: KeyPath
}

/** `node`, which stands at `path`, and every value below it, in the order of the file. */
export function* valuesIn(node: ValueNode, path: KeyPath = []): Generator<LocatedValue> {
  const ahead: LocatedValue[] = [{node, path}]
  for (let current = ahead.pop(); current !== undefined; current = ahead.pop()) {
    yield current
    for (const child of childrenOf(current).reverse()) {
      ahead.push(child)
    }
  }
}

function childrenOf({node, path}: LocatedValue): LocatedValue[] {
  if (node.type === 'Array') {
    return node.elements.map(({value}, index) => ({node: value, path: [...path, index]}))
  }
  return node.type === 'Object'
    ? node.members.map(member => ({node: member.value, path: [...path, keyOf(member)]}))
    : []
}

function memberOf(node: ValueNode, key: string): MemberNode | undefined {
  return node.type === 'Object' ? node.members.findLast(member => keyOf(member) === key) : undefined
}

import type {MemberNode} from '@humanwhocodes/momoa'
import {quoted} from '../../text/printable.js'
import type {Entry} from '../entry.js'
import {formatKeyPath, type KeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import {keyOf, type LocatedValue, placeOf, valuesIn} from '../source-places.js'

/** Keys that stand twice in one object of an entry: readers differ in which of the two values they take. */
export function findDuplicateKeys({node, name}: Entry): Finding[] {
  return Array.from(valuesIn(node)).flatMap(located => duplicatesIn(located, name))
}

function duplicatesIn({node, path}: LocatedValue, instance: string | undefined): Finding[] {
  const members = node.type === 'Object' ? node.members : []
  // A map keeps the last value of a key: filled from the end, the first member.
  const firsts = new Map(members.toReversed().map(member => [keyOf(member), member]))
  return members.flatMap(member => {
    const key = keyOf(member)
    const first = firsts.get(key)
    return first === undefined || first === member ? [] : duplicate(member, first, [...path, key], instance)
  })
}

function duplicate(
  member: MemberNode,
  first: MemberNode,
  path: KeyPath,
  instance: string | undefined,
): Finding {
  const {line, column} = placeOf(first)
  return {
    severity: 'error',
    message: `the key ${quoted(keyOf(member))} stands twice in one object, first at line ${line}, column ${column}`,
    hint: 'remove one of the two',
    instance,
    key: formatKeyPath(path),
    ...placeOf(member),
  }
}

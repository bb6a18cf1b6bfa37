import type {JsonNode, Member} from '../../json/node.js'
import {quoted} from '../../text/printable.js'
import {formatKeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import {type LocatedValue, pathOf, valuesIn} from '../values-in.js'

/** Keys that stand twice in one object below `root`: readers differ in which of the two values they take. */
export function* findDuplicateKeys(root: JsonNode, instance?: string): Generator<Finding> {
  for (const located of valuesIn(root)) {
    for (const {member, first} of duplicatesIn(located.node)) {
      yield duplicate(member, first, located, instance)
    }
  }
}

interface Duplicate {
  readonly member: Member
  readonly first: Member
}

function* duplicatesIn(node: JsonNode): Generator<Duplicate> {
  if (node.type !== 'object') {
    return
  }
  const firsts = new Map<string, Member>()
  for (const member of node.members) {
    const first = firsts.get(member.key)
    if (first === undefined) {
      firsts.set(member.key, member)
    } else {
      yield {member, first}
    }
  }
}

function duplicate(
  {key, keySpan}: Member,
  first: Member,
  object: LocatedValue,
  instance: string | undefined,
): Finding {
  return {
    rule: 'vmrun/duplicate-key',
    severity: 'error',
    message: `the key ${quoted(key)} stands twice in one object`,
    hint: 'remove one of the two',
    instance,
    key: formatKeyPath([...pathOf(object), key]),
    span: keySpan,
    first: first.keySpan,
  }
}

import {isDeepStrictEqual} from 'node:util'
import {quoted} from '../../text/printable.js'
import {type CheckedEntry, holds} from '../checked-entry.js'
import type {Finding} from '../problem.js'

/** Which entries there are, each name once, and what is wrong with the others. */
export interface DistinctEntries {
  readonly distinct: readonly CheckedEntry[]
  readonly findings: readonly Finding[]
}

/**
 * Keeps the first entry of each name. A further one with the same content is superfluous: a warning. One with
 * different content is an error, as nobody can tell which of them is meant.
 */
export function separateDuplicateNames(entries: readonly CheckedEntry[]): DistinctEntries {
  const firsts = new Map<string, CheckedEntry>()
  const distinct: CheckedEntry[] = []
  const findings: Finding[] = []
  for (const entry of entries) {
    const name = holds(entry, ['name']) ? entry.values.name : undefined
    const first = name === undefined ? undefined : firsts.get(name)
    if (name !== undefined && first !== undefined) {
      findings.push(duplicate(name, first, entry))
    } else {
      distinct.push(entry)
    }
    if (name !== undefined && first === undefined) {
      firsts.set(name, entry)
    }
  }
  return {distinct, findings}
}

function duplicate(name: string, first: CheckedEntry, second: CheckedEntry): Finding {
  const same = isDeepStrictEqual(first.content, second.content)
  return {
    rule: 'vmrun/duplicate-name',
    severity: same ? 'warning' : 'error',
    message: `${quoted(name)} is listed twice with ${same ? 'the same' : 'different'} content`,
    hint: same ? 'remove one of the two' : 'nobody can tell which is meant: rename or remove one of the two',
    instance: name,
    key: 'name',
    span: second.nameSpan,
    first: first.nameSpan,
  }
}

import {isDeepStrictEqual} from 'node:util'
import {quoted} from '../../text/printable.js'
import type {Entry} from '../entry.js'
import type {Instance} from '../instance.js'
import type {Finding} from '../problem.js'
import {placeOf} from '../source-places.js'

/** An entry and the instance that it turned out to be. */
export interface CheckedEntry {
  readonly entry: Entry
  readonly instance: Instance
}

/** Which entries are instances of their own, and what is wrong with the others. */
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
  const findings: Finding[] = []
  for (const checked of entries) {
    const first = firsts.get(checked.instance.name)
    if (first === undefined) {
      firsts.set(checked.instance.name, checked)
    } else {
      findings.push(duplicate(first, checked))
    }
  }
  return {distinct: [...firsts.values()], findings}
}

function duplicate(first: CheckedEntry, second: CheckedEntry): Finding {
  const name = quoted(second.instance.name)
  const {line} = placeOf(first.entry.node)
  const same = isDeepStrictEqual(first.instance, second.instance)
  return {
    severity: same ? 'warning' : 'error',
    message: same
      ? `${name} is listed twice: this is the same instance as on line ${line}`
      : `${name} is listed twice with different content, first on line ${line}: nobody can tell which is meant`,
    hint: same ? 'remove one of the two' : 'rename or remove one of the two',
    instance: second.entry.name,
    key: 'name',
    ...placeOf(second.entry.node),
  }
}

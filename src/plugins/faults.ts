import type {z} from 'zod'
import {didYouMean} from '../text/nearest.js'
import {messageOf} from '../thrown.js'
import {knownMembers} from './known-members.js'

/** How zod begins what it has to say of most values. */
const generalities = /^Invalid input: /u

/** Deeper than any member of a contribution, and than a schema's own objects need to be looked into. */
const deepest = 6

/** Everything in which a value departs from a schema, by contribution and member. */
export function faultsOf(schema: z.ZodType, value: unknown): readonly string[] {
  try {
    const {error} = schema.safeParse(value)
    return (error?.issues ?? []).flatMap(issue => describeIssue(issue, schema, value))
  } catch (error) {
    const path = unreadable(value) ?? []
    return [worded(path, value, `cannot be read: ${messageOf(error)}`)]
  }
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): readonly string[] {
  if (issue.code !== 'unrecognized_keys') {
    return [worded(issue.path, value, issue.message.replace(generalities, ''))]
  }

  const known = knownMembers(schema, issue.path)
  return issue.keys.map(key => {
    const hint = didYouMean(key, known)
    const meant = hint === undefined ? '' : ` (${hint})`
    return worded(issue.path, value, `the member ${key} is not known${meant}`)
  })
}

function worded(path: readonly PropertyKey[], value: unknown, fault: string): string {
  const where = describePath(path, value)
  return where === '' ? fault : `${where}: ${fault}`
}

/** `architectures[0] "s390x": devices.disk.driver` */
function describePath(path: readonly PropertyKey[], value: unknown): string {
  const [list, index, ...rest] = path
  if (list === undefined) {
    return ''
  }

  if (typeof index !== 'number') {
    return path.map(String).join('.')
  }

  const name = memberOf(memberOf(memberOf(value, list), index), 'name')
  const label = `${String(list)}[${index}]${typeof name === 'string' ? ` "${name}"` : ''}`
  return rest.length === 0 ? label : `${label}: ${rest.map(String).join('.')}`
}

/** The first member whose getter throws. */
function unreadable(value: unknown, path: readonly PropertyKey[] = []): readonly PropertyKey[] | undefined {
  if (typeof value !== 'object' || value === null || path.length === deepest) {
    return
  }

  for (const key of keysOf(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    const member = read(value, key)
    const found = 'error' in member ? here : unreadable(member.value, here)
    if (found !== undefined) {
      return found
    }
  }

  return
}

/** A proxy may refuse to name them. */
function keysOf(value: object): readonly string[] {
  try {
    return Object.keys(value)
  } catch {
    return []
  }
}

function read(value: object, key: PropertyKey): {readonly value: unknown} | {readonly error: unknown} {
  try {
    return {value: Reflect.get(value, key)}
  } catch (error) {
    return {error}
  }
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  const member = typeof value === 'object' && value !== null ? read(value, key) : {value: undefined}
  return 'value' in member ? member.value : undefined
}

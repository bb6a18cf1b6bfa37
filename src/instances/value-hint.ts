import * as z from 'zod'
import type {JsonValue} from '../contract/json-value.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import type {Finding} from './problem.js'

/** What `value` is, for a message: a number or a string itself, of an array or an object only that it is one. */
export function describeValue(value: JsonValue | undefined): string {
  switch (typeof value) {
    case 'string':
      return `the string ${quoted(value)}`
    case 'number':
    case 'boolean':
      return String(value)
    default:
      return describeType(value)
  }
}

/** The type of `value`, for a message about a value that must not be shown. */
export function describeType(value: JsonValue | undefined): string {
  if (value === null || value === undefined) {
    return typeName('null')
  }

  return typeName(Array.isArray(value) ? 'array' : typeof value)
}

const vowel = /^[ao]/u

/** The name of a type of JSON's, with its article. */
export function typeName(type: string): string {
  return type === 'null' ? type : `${vowel.test(type) ? 'an' : 'a'} ${type}`
}

const digits = /^\d+$/u
const duration = /^(?<count>\d+(?:\.\d+)?)\s*(?<unit>s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)$/iu

const secondsIn: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
])

/** What to write in the place of `found`, which breaks the `schema` of `key`; undefined where nobody can tell. */
export function valueHint(
  issue: z.core.$ZodIssue,
  key: string,
  found: JsonValue | undefined,
  schema: z.core.$ZodType,
): string | undefined {
  if (issue.code === 'custom' && typeof issue.params?.['hint'] === 'string') {
    return issue.params['hint']
  }
  if (typeof found === 'number') {
    const whole = Math.ceil(found)
    return whole !== found && fits(schema, whole) ? `write ${whole}` : undefined
  }
  if (typeof found !== 'string') {
    return
  }
  if (issue.code === 'invalid_value') {
    return didYouMean(found, issue.values.map(String))
  }
  if (digits.test(found) && fits(schema, Number(found))) {
    return `write ${found} without the quotes`
  }
  const seconds = key.endsWith('-seconds') ? secondsOf(found) : undefined
  return seconds !== undefined && fits(schema, seconds) ? `write ${seconds}: it is in seconds` : undefined
}

function secondsOf(text: string): number | undefined {
  const {count, unit = ''} = duration.exec(text.trim())?.groups ?? {}
  const each = secondsIn.get(unit.charAt(0).toLowerCase())
  return count === undefined || each === undefined ? undefined : Number(count) * each
}

function fits(schema: z.core.$ZodType, value: number): boolean {
  try {
    return z.safeParse(schema, value).success
  } catch {
    // A plugin's, which may throw.
    return false
  }
}

/** What `issue` says is wrong with `subject`, of which `found` stands there. */
export function wordViolation({message}: z.core.$ZodIssue, subject: string, found: string): string {
  return message.startsWith('must ') ? `${subject} ${message}, not ${found}` : `${subject}: ${message}`
}

/**
 * In what the value of one of vmrun's own keys departs from its schema, as a sentence that begins with `subject`; undefined
 * where it holds.
 */
export function describeViolation(
  schema: z.core.$ZodType,
  value: JsonValue,
  key: string,
  subject: string,
): Pick<Finding, 'message' | 'hint'> | undefined {
  const issue = z.safeParse(schema, value).error?.issues[0]
  return (
    issue && {
      message: wordViolation(issue, subject, describeValue(value)),
      hint: valueHint(issue, key, value, schema),
    }
  )
}

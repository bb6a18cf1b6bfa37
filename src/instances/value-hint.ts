import * as z from 'zod'
import type {JsonValue} from '../json/value.js'
import {didYouMean} from '../text/nearest.js'

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
  schema: z.core.$ZodType | undefined,
): string | undefined {
  if (issue.code === 'custom' && typeof issue.params?.['hint'] === 'string') {
    return issue.params['hint']
  }
  if (schema === undefined) {
    return
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
  return z.safeParse(schema, value).success
}

import * as z from 'zod'
import type {JsonValue} from '../contract/json-value.js'
import {attempt} from '../errors/errors.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import type {TextProblem} from './problem.js'

/** The type of a value of JSON, for a message about one that must not be shown. */
export function describeType(value: unknown): string {
  return typeName(Array.isArray(value) ? 'array' : typeof (value ?? undefined))
}

const vowel = /^[ao]/u

/** The name of a type of JSON's, with its article. */
export function typeName(type: string): string {
  if (type === 'null' || type === 'undefined') {
    return 'null'
  }

  return `${vowel.test(type) ? 'an' : 'a'} ${type}`
}

/** The same for one that may be: a number or a string itself. */
function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return `the string ${quoted(value)}`
  }

  return typeof value === 'object' ? describeType(value) : String(value ?? null)
}

/**
 * What is wrong with a value, as a sentence that begins with `subject`, and what to write in its place, where that can be
 * told.
 *
 * @param issue with its input
 * @param isSecret whether the value may not be shown
 */
export function describeIssue(
  issue: z.core.$ZodIssue,
  key: string,
  schema: z.core.$ZodType,
  {subject = key, isSecret = false} = {},
): Pick<TextProblem, 'message' | 'hint'> {
  const {message, input} = issue
  const shown = isSecret ? describeType(input) : describeValue(input)
  return {
    message: message.startsWith('must ') ? `${subject} ${message}, not ${shown}` : `${subject}: ${message}`,
    hint: hintFor(issue, key, schema),
  }
}

/** The same for the value of one of vmrun's own keys; undefined where it holds. */
export function describeMistake(
  schema: z.core.$ZodType,
  value: JsonValue,
  key: string,
  subject: string,
): Pick<TextProblem, 'message' | 'hint'> | undefined {
  const issue = z.safeParse(schema, value, {reportInput: true}).error?.issues[0]
  return issue && describeIssue(issue, key, schema, {subject})
}

const digits = /^\d+$/u
const duration = /^(?<count>\d+(?:\.\d+)?)\s*(?<unit>[smhd])(?:ecs?|econds?|ins?|inutes?|ours?|ays?)?$/iu
const secondsIn: Readonly<Record<string, number>> = {s: 1, m: 60, h: 3600, d: 86_400}

function hintFor(issue: z.core.$ZodIssue, key: string, schema: z.core.$ZodType): string | undefined {
  const value = issue.input
  if (issue.code === 'custom' && typeof issue.params?.['hint'] === 'string') {
    return issue.params['hint']
  }

  if (typeof value !== 'string') {
    return
  }

  if (issue.code === 'invalid_value') {
    return didYouMean(value, issue.values.map(String))
  }

  if (digits.test(value) && fits(schema, Number(value))) {
    return `write ${value} without the quotes`
  }

  const {count, unit = ''} = duration.exec(value.trim())?.groups ?? {}
  const seconds = Number(count) * (secondsIn[unit.toLowerCase()] ?? Number.NaN)
  return key.endsWith('-seconds') && fits(schema, seconds) ? `write ${seconds}: it is in seconds` : undefined
}

function fits(schema: z.core.$ZodType, value: number): boolean {
  // A plugin's may throw.
  return attempt(() => z.safeParse(schema, value).success) === true
}

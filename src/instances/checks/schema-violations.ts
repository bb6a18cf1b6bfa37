import {z} from 'zod'
import {hints} from '../../text/hints.js'
import {didYouMean} from '../../text/nearest.js'
import {pluginHint} from '../../text/plugin-hint.js'
import {printable, quoted} from '../../text/printable.js'
import {describeType, describeValue} from '../describe-value.js'
import type {Entry} from '../entry.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../instance.js'
import {formatKeyPath, type KeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import type {Doubt} from '../schema.js'
import {placeOf, placeOfValue, placesOfKeys} from '../source-places.js'

const digits = /^\d+$/u

type Issue = z.core.$ZodIssue
type Shape = z.core.$ZodShape
type Violation = Omit<Finding, 'severity' | 'instance'>

/**
 * Everything in which `entry` departs from the schema with the keys `shape`, each in one sentence.
 *
 * @param doubt says of an unknown key who may know it and could not be asked
 */
export function describeViolations(
  entry: Entry,
  issues: readonly Issue[],
  shape: Shape,
  doubt: Doubt = () => undefined,
): Finding[] {
  const {value, node, name: instance} = entry
  if (!isJsonObject(value)) {
    const message = `an instance must be an object, not ${describeType(value)}`
    return [{severity: 'error', message, ...placeOf(node)}]
  }
  const findings = issues
    .flatMap(issue => describeIssue(issue, value, entry, {shape, doubt}))
    .map((found): Finding => ({severity: 'error', instance, ...found}))
  // One number can break several of zod's rules at once, all of which are worded alike.
  return Array.from(new Map(findings.map(finding => [finding.message, finding])).values())
}

/**
 * In what the value of one of vmrun's own keys departs from its schema, as a sentence that begins with `subject`; undefined
 * where it holds.
 */
export function describeViolation(
  schema: z.core.$ZodType,
  value: JsonValue,
  subject: string,
): Pick<Finding, 'message' | 'hint'> | undefined {
  const issue = z.safeParse(schema, value).error?.issues[0]
  return issue && {message: wordViolation(issue, subject, value), hint: hintFor(issue, value, schema)}
}

function describeIssue(
  issue: Issue,
  object: JsonObject,
  {node}: Entry,
  {shape, doubt}: {readonly shape: Shape; readonly doubt: Doubt},
): Violation[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    const places = placesOfKeys(node)
    return issue.keys.map(unknown => ({
      ...unknownKey(unknown, Object.keys(shape), doubt(unknown)),
      ...(places.get(unknown) ?? placeOf(node)),
    }))
  }
  const path = issue.path.map(step => (typeof step === 'number' ? step : String(step)))
  const topKey = String(path[0])
  const key = formatKeyPath(path)
  if (!Object.hasOwn(object, topKey)) {
    // The messages of a plugin's schema may be zod's own, which are sentences.
    const words = issue.message.startsWith('Invalid ') ? issue.message : `it ${issue.message}`
    const message = `${key} is missing: ${printable(words)}`
    return [{message, key, ...doubtOf(issue), ...placeOf(node)}]
  }
  const found = valueAt(object, path)
  return [
    {
      message: wordViolation(issue, key, found),
      hint: hintFor(issue, found, shape[topKey]),
      key,
      ...doubtOf(issue),
      ...placeOfValue(node, path),
    },
  ]
}

/** A schema of a plugin that fails says nothing about the value. */
function doubtOf(issue: Issue): Pick<Finding, 'isDoubtful'> {
  return issue.code === 'custom' && issue.params?.['isDoubtful'] === true ? {isDoubtful: true} : {}
}

function wordViolation({message}: Issue, key: string, found: JsonValue | undefined): string {
  if (!message.startsWith('must ')) {
    return `${key}: ${printable(message)}`
  }
  // The configuration may hold secrets: of what stands in its place, nothing but the type is ever shown.
  return `${key} ${message}, not ${key === 'config' ? describeType(found) : describeValue(found)}`
}

function unknownKey(key: string, knownKeys: readonly string[], doubt: string | undefined): Violation {
  return {
    message: `unknown key ${quoted(key)}`,
    hint: hints(didYouMean(key, knownKeys), doubt) ?? `the keys are ${knownKeys.join(', ')}; ${pluginHint}`,
    key: formatKeyPath([key]),
    ...(doubt !== undefined && {isDoubtful: true}),
  }
}

function hintFor(issue: Issue, found: JsonValue | undefined, schema: z.core.$ZodType | undefined) {
  if (issue.code === 'custom' && typeof issue.params?.['hint'] === 'string') {
    return issue.params['hint']
  }
  if (typeof found !== 'string' || schema === undefined) {
    return
  }
  if (issue.code === 'invalid_value') {
    return didYouMean(found, issue.values.map(String))
  }
  const isQuotedNumber = digits.test(found) && z.safeParse(schema, Number(found)).success
  return isQuotedNumber ? `write ${found} without the quotes` : undefined
}

function valueAt(value: JsonValue, path: KeyPath): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (outer, step) => new Map(Object.entries(outer ?? {})).get(String(step)),
    value,
  )
}

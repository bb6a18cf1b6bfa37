import * as z from 'zod'
import {isJsonObject, type JsonObject, type JsonValue} from '../../json/value.js'
import {isRuleId, type RuleId} from '../../rules.js'
import {printable} from '../../text/printable.js'
import {describeType, describeValue} from '../describe-value.js'
import type {Entry} from '../entry.js'
import {formatKeyPath, type KeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import type {Doubt} from '../schema.js'
import {headOf, nodeAt} from '../source-places.js'
import {valueHint} from '../value-hint.js'
import {describeUnknownKeys, meantKeys} from './unknown-keys.js'

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
    return [{rule: 'vmrun/not-instances', severity: 'error', message, span: headOf(node)}]
  }
  const meant = new Set(meantKeys(value, Object.keys(shape)))
  const findings = issues
    .flatMap(issue => describeIssue(issue, value, entry, {shape, doubt}))
    .filter(({rule, key}) => !(rule === 'vmrun/missing-key' && meant.has(key ?? '')))
    .map((found): Finding => ({severity: 'error', instance, ...found}))
  // One number can break several of zod's rules at once, all of which are worded alike.
  return Array.from(
    new Map(findings.map(finding => [`${finding.span?.start} ${finding.message}`, finding])).values(),
  )
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

function describeIssue(
  issue: Issue,
  object: JsonObject,
  {node, faults}: Entry,
  {shape, doubt}: {readonly shape: Shape; readonly doubt: Doubt},
): readonly Violation[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    return describeUnknownKeys(issue.keys, node, Object.keys(shape), doubt)
  }
  const path = issue.path.map(step => (typeof step === 'number' ? step : String(step)))
  const topKey = String(path[0])
  const key = formatKeyPath(path)
  if (!Object.hasOwn(object, topKey)) {
    // The messages of a plugin's schema may be zod's own, which are sentences.
    const words = issue.message.startsWith('Invalid ') ? issue.message : `it ${issue.message}`
    const message = `${key} is missing: ${printable(words)}`
    return [{rule: 'vmrun/missing-key', message, key, ...doubtOf(issue), span: headOf(node)}]
  }
  const place = nodeAt(node, path)
  if (faults.some(({start, end}) => start >= place.start && end <= place.end)) {
    // What is wrong with it as JSON is told already.
    return []
  }
  const found = valueAt(object, path)
  // The configuration may hold secrets: of what stands in its place, nothing but the type is ever shown.
  const shown = key === 'config' ? describeType(found) : describeValue(found)
  return [
    {
      rule: ruleOf(issue),
      message: wordViolation(issue, key, shown),
      hint: valueHint(issue, key, found, shape[topKey]),
      key,
      ...doubtOf(issue),
      span: headOf(place),
    },
  ]
}

/** What keys have to do with each other may be a rule of its own. */
function ruleOf(issue: Issue): RuleId {
  const rule: unknown = issue.code === 'custom' ? issue.params?.['rule'] : undefined
  return isRuleId(rule) ? rule : 'vmrun/invalid-value'
}

/** A schema of a plugin that fails says nothing about the value. */
function doubtOf(issue: Issue): Pick<Finding, 'isDoubtful'> {
  return issue.code === 'custom' && issue.params?.['isDoubtful'] === true ? {isDoubtful: true} : {}
}

function wordViolation({message}: Issue, key: string, found: string): string {
  return message.startsWith('must ') ? `${key} ${message}, not ${found}` : `${key}: ${printable(message)}`
}

function valueAt(value: JsonValue, path: KeyPath): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(partOf, value)
}

function partOf(outer: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (Array.isArray(outer)) {
    return typeof step === 'number' ? outer[step] : undefined
  }
  return outer !== undefined && isJsonObject(outer) && Object.hasOwn(outer, step) ? outer[step] : undefined
}

import type * as z from 'zod'
import type {Instance} from '../contract/instance.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../contract/json-value.js'
import {messageOf} from '../errors/thrown.js'
import {knownPluginHint, pluginHint} from '../text/hints.js'
import {didYouMean, nearest} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import {findDuplicateKeys, findInexactNumbers} from './check-text.js'
import {headOf, type JsonNode, type Member, meaningOf, membersOf, nodeAt} from './json.js'
import {formatKeyPath} from './key-path.js'
import {type Finding, mostProblems} from './problem.js'
import {type InstanceFormat, keySchemas} from './schema.js'
import {describeType, describeValue, valueHint, wordViolation} from './value-hint.js'

type Issue = z.core.$ZodIssue

/** An entry of an instances file that is an object. */
export interface Entry {
  readonly node: JsonNode
  /** By their keys; the last of a key counts, as for JSON.parse. */
  readonly members: ReadonlyMap<string, Member>
  /** As it stands in the file. */
  readonly value: JsonObject
  /** The values of the keys that hold, as in an instance. */
  readonly values: Partial<Instance>
  /** What it is; undefined where something of it does not hold. */
  readonly instance: Instance | undefined
}

/** An element of the file that was looked at; `entry` is undefined where it is no object. */
export interface CheckedElement {
  readonly entry: Entry | undefined
  readonly findings: readonly Finding[]
}

/** Has the schemas made once for all elements of a file. */
export function entryCheck(text: string, format: InstanceFormat): (node: JsonNode) => CheckedElement {
  const plugins = new Map(format.instanceKeys.map(({name, plugin}) => [name, plugin]))
  const keys = Object.entries(keySchemas(format)).map(([name, schema]) => ({
    name,
    schema,
    plugin: plugins.get(name),
  }))
  const known = keys.map(({name}) => name)
  return node => {
    const value = meaningOf(node, text)
    if (!isJsonObject(value)) {
      const message = `an instance must be an object, not ${describeType(value)}`
      return {
        entry: undefined,
        findings: [{rule: 'vmrun/not-instances', severity: 'error', message, at: headOf(node)}],
      }
    }

    const members = new Map(membersOf(node).map(member => [member.key, member]))
    const {values, findings} = checkKeys(keys, value, {node, members})
    const all = [
      ...findDuplicateKeys(node),
      ...findInexactNumbers(node, text),
      ...findings,
      ...findUnknownKeys(value, members, known, format),
      ...findPortWithoutNetwork(values, members),
    ]
    const {name} = value
    const instance = typeof name === 'string' ? name : undefined
    return {
      entry: {node, members, value, values, instance: holds(values, all) ? values : undefined},
      findings: all.map(finding => ({...finding, instance})),
    }
  }
}

/** Whether all of these keys of an entry hold, so that their values can be looked at. */
export function hasKeys<Key extends keyof Instance>(
  values: Partial<Instance>,
  keys: readonly Key[],
): values is Partial<Instance> & Pick<Instance, Key> {
  return keys.every(key => Object.hasOwn(values, key))
}

function holds(values: Partial<Instance>, findings: readonly Finding[]): values is Instance {
  return findings.length === 0 && values.name !== undefined
}

/** A key that there is; `plugin` is whose it is, where it is not vmrun's own. */
interface KnownKey {
  readonly name: string
  readonly schema: z.ZodType
  readonly plugin: string | undefined
}

/** What the keys of an entry stand for, each for itself. */
function checkKeys(
  keys: readonly KnownKey[],
  value: JsonObject,
  {node, members}: Pick<Entry, 'node' | 'members'>,
): {readonly values: Partial<Instance>; readonly findings: readonly Finding[]} {
  const values = new Map<string, unknown>()
  const findings: Finding[] = []
  const mistyped = new Set(
    mistypedKeys(
      value,
      keys.map(({name}) => name),
    ),
  )
  for (const key of keys) {
    const isThere = Object.hasOwn(value, key.name)
    const found = isThere ? value[key.name] : undefined
    const {data, issues} = parse(key, found)
    if (issues.length === 0) {
      values.set(key.name, data)
    } else if (isThere) {
      const at = members.get(key.name)?.value ?? node
      const told = issues.slice(0, mostProblems + 1).map(issue => invalid(issue, key, at, found))
      findings.push(...distinct(told))
    } else if (!mistyped.has(key.name)) {
      findings.push(missing(key, issues[0]?.message ?? '', node))
    }
  }

  return {values: Object.fromEntries(values), findings}
}

/** What a value is found to be. A plugin's schema may throw, be asynchronous, or make what JSON cannot tell. */
function parse(
  {schema, plugin}: KnownKey,
  value: unknown,
): {readonly data: unknown; readonly issues: readonly Issue[]} {
  try {
    const {data, error} = schema.safeParse(value)
    if (plugin !== undefined) {
      JSON.stringify(data)
    }

    return {data, issues: error?.issues ?? []}
  } catch (error) {
    const message = `could not be checked by ${plugin ?? 'vmrun'}: ${messageOf(error)}`
    return {data: undefined, issues: [{code: 'custom', path: [], message}]}
  }
}

function missing({name, plugin}: KnownKey, words: string, node: JsonNode): Finding {
  // The messages of a plugin's schema may be zod's own, which are sentences. Nothing in the file tells why it is needed.
  const why = `${words.startsWith('must ') ? `it ${words}` : words}${plugin === undefined ? '' : `, says ${plugin}`}`
  return {
    rule: 'vmrun/missing-key',
    severity: 'error',
    message: `${name} is missing: ${why}`,
    key: name,
    at: headOf(node),
  }
}

function invalid(
  issue: Issue,
  {name, schema}: KnownKey,
  node: JsonNode,
  found: JsonValue | undefined,
): Finding {
  const inner = issue.path.map(step => (typeof step === 'number' ? step : String(step)))
  const value = inner.reduce(partOf, found)
  const key = formatKeyPath([name, ...inner])
  return {
    rule: 'vmrun/invalid-value',
    severity: 'error',
    // The configuration may hold secrets: of what stands in its place, nothing but the type is ever shown.
    message: wordViolation(issue, key, name === 'config' ? describeType(value) : describeValue(value)),
    hint: valueHint(issue, key, value, schema),
    key,
    at: headOf(nodeAt(node, inner)),
  }
}

function partOf(outer: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (isJsonObject(outer)) {
    return Object.hasOwn(outer, step) ? outer[step] : undefined
  }

  return Array.isArray(outer) && typeof step === 'number' ? outer[step] : undefined
}

/** One number can break several of zod's rules at once, all of which are worded alike. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return Array.from(new Map(findings.map(finding => [finding.message, finding])).values())
}

/** An entry with more of them is no instance whose keys are mistyped. */
const mostUnknown = 100

function findUnknownKeys(
  value: JsonObject,
  members: Entry['members'],
  known: readonly string[],
  {doubt}: InstanceFormat,
): readonly Finding[] {
  const unknown = unknownKeys(value, known)
  const told = unknown.slice(0, mostUnknown).map((key): Finding => {
    const hint = [knownPluginHint('key', key) ?? didYouMean(key, known), doubt?.(key)]
      .filter(Boolean)
      .join('; ')
    return {
      rule: 'vmrun/unknown-key',
      severity: 'error',
      message: `unknown key ${quoted(key)}`,
      hint: hint || `the keys are ${known.join(', ')}; ${pluginHint}`,
      key: formatKeyPath([key]),
      at: members.get(key)?.keyNode,
    }
  })
  const [next] = unknown.slice(mostUnknown)
  if (next === undefined) {
    return told
  }

  const message = `${unknown.length - mostUnknown} more keys that are not known, from here on`
  return [...told, {rule: 'vmrun/unknown-key', severity: 'error', message, at: members.get(next)?.keyNode}]
}

function unknownKeys(value: JsonObject, known: readonly string[]): readonly string[] {
  const names = new Set(known)
  return Object.keys(value).filter(key => !names.has(key))
}

/** The keys that unknown ones are nearly: whoever mistyped a key does not miss it too. */
function mistypedKeys(value: JsonObject, known: readonly string[]): readonly string[] {
  return unknownKeys(value, known)
    .slice(0, mostUnknown)
    .flatMap(key => nearest(key, known) ?? [])
}

function findPortWithoutNetwork(values: Partial<Instance>, members: Entry['members']): readonly Finding[] {
  if (values.network !== 'none' || values['ssh-port'] === undefined) {
    return []
  }

  const key = 'ssh-port'
  const message = `${key}: there is no network card that it could lead to`
  const hint = 'leave it out, or set "network" to "isolated": forwarded ports work there, and nothing else'
  return [
    {
      rule: 'vmrun/port-without-network',
      severity: 'error',
      message,
      hint,
      key,
      at: members.get(key)?.value,
    },
  ]
}

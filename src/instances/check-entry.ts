import type * as z from 'zod'
import type {Instance} from '../contract/instance.js'
import {isJsonObject, type JsonObject} from '../contract/json-value.js'
import {messageOf} from '../errors/errors.js'
import {hints, knownPluginHint, pluginHint} from '../text/hints.js'
import {didYouMean, nearest} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import {findAmbiguities} from './ambiguities.js'
import {headAt, type JsonNode, meaningOf, membersOf} from './json.js'
import {errorAt, formatKeyPath, type KeyPath, mostProblems, type TextProblem} from './problem.js'
import {type InstanceFormat, keySchemas} from './schema.js'
import {describeIssue, describeType} from './value-hint.js'

type Issue = z.core.$ZodIssue

/** Where an entry stands, and what it is called, if anything. */
interface NamedNode {
  readonly node: JsonNode
  readonly name: string | undefined
}

/** An entry of an instances file that is an object. */
export interface Entry extends NamedNode {
  /** The values of the keys that hold, as in an instance. */
  readonly values: Partial<Instance>
  /** What it is; undefined where something of it does not hold. */
  readonly instance: Instance | undefined
}

/** A problem of the value at `path` in an entry; an error, unless it is said that it is none. */
export function problemAt(
  {node, name}: NamedNode,
  path: KeyPath,
  problem: Omit<TextProblem, 'severity'> & Partial<TextProblem>,
): TextProblem {
  return {severity: 'error', instance: name, key: formatKeyPath(path), at: headAt(node, path), ...problem}
}

/** Looks at an element of a file; there is no entry where it is no object. */
type EntryCheck = (node: JsonNode) => {readonly entry?: Entry; readonly problems: readonly TextProblem[]}

/** Has the schemas made once for all elements of a file. */
export function entryCheck(text: string, format: InstanceFormat): EntryCheck {
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
      return {problems: [errorAt(headAt(node, []), 'vmrun/not-instances', message)]}
    }

    const {name} = value
    const named = {node, name: typeof name === 'string' ? name : undefined}
    const unknown = Object.keys(value)
      .filter(key => !known.includes(key))
      .slice(0, mostProblems + 1)
    // Whoever mistyped a key does not miss it too.
    const meant = new Set(unknown.map(key => nearest(key, known)))
    const values = new Map<string, unknown>()
    const problems: TextProblem[] = findAmbiguities(node, text).map(one => ({...one, instance: named.name}))
    for (const key of keys) {
      const {data, problems: found} = checkKey(key, value, named)
      if (found.length === 0) {
        values.set(key.name, data)
      } else if (!meant.has(key.name)) {
        problems.push(...found)
      }
    }

    problems.push(...unknownKeys(unknown, known, named, format))
    const held: Partial<Instance> = Object.fromEntries(values)
    problems.push(...portWithoutNetwork(held, named))
    return {entry: {...named, values: held, instance: holds(held, problems) ? held : undefined}, problems}
  }
}

/** Whether all of these keys of an entry hold, so that their values can be looked at. */
export function hasKeys<Key extends keyof Instance>(
  values: Partial<Instance>,
  keys: readonly Key[],
): values is Partial<Instance> & Pick<Instance, Key> {
  return keys.every(key => Object.hasOwn(values, key))
}

function holds(values: Partial<Instance>, problems: readonly TextProblem[]): values is Instance {
  return problems.length === 0 && values.name !== undefined
}

/** A key that there is; `plugin` is whose it is, where it is not vmrun's own. */
interface KnownKey {
  readonly name: string
  readonly schema: z.ZodType
  readonly plugin: string | undefined
}

/** What a key of an entry stands for, or what is wrong with it. */
function checkKey(
  key: KnownKey,
  entry: JsonObject,
  named: NamedNode,
): {readonly data: unknown; readonly problems: readonly TextProblem[]} {
  const isThere = Object.hasOwn(entry, key.name)
  const {data, issues} = parse(key, isThere ? entry[key.name] : undefined)
  const problems = issues
    .slice(0, isThere ? mostProblems + 1 : 1)
    .map(issue => (isThere ? invalid(issue, key, named) : missing(issue, key, named)))
  // One number can break several of zod's rules at once, all of which are worded alike.
  return {data, problems: Array.from(new Map(problems.map(one => [one.message, one])).values())}
}

/** What a value is found to be. A plugin's schema may throw, be asynchronous, or make what JSON cannot tell. */
function parse(
  {schema, plugin}: KnownKey,
  value: unknown,
): {readonly data: unknown; readonly issues: readonly Issue[]} {
  try {
    const {data, error} = schema.safeParse(value, {reportInput: true})
    if (plugin !== undefined) {
      JSON.stringify(data)
    }

    return {data, issues: error?.issues ?? []}
  } catch (error) {
    const message = `could not be checked by ${plugin ?? 'vmrun'}: ${messageOf(error)}`
    return {data: undefined, issues: [{code: 'custom', path: [], message}]}
  }
}

function missing({message: words}: Issue, {name, plugin}: KnownKey, named: NamedNode): TextProblem {
  // The messages of a plugin's schema may be zod's own, which are sentences. Nothing in the file tells why it is needed.
  const why = `${words.startsWith('must ') ? `it ${words}` : words}${plugin === undefined ? '' : `, says ${plugin}`}`
  return problemAt(named, [name], {rule: 'vmrun/missing-key', message: `${name} is missing: ${why}`})
}

function invalid(issue: Issue, {name, schema}: KnownKey, named: NamedNode): TextProblem {
  const path = [name, ...issue.path.map(step => (typeof step === 'number' ? step : String(step)))]
  // The configuration may hold secrets: of what stands in its place, nothing but the type is ever shown.
  const told = describeIssue(issue, formatKeyPath(path), schema, {isSecret: name === 'config'})
  return problemAt(named, path, {rule: 'vmrun/invalid-value', ...told})
}

function unknownKeys(
  unknown: readonly string[],
  known: readonly string[],
  named: NamedNode,
  format: InstanceFormat,
): readonly TextProblem[] {
  const keyNodes = new Map(
    unknown.length === 0 ? [] : membersOf(named.node).map(one => [one.key, one.keyNode]),
  )
  return unknown.map(key => {
    const hint = hints(knownPluginHint('key', key) ?? didYouMean(key, known), format.doubtOfKey?.(key))
    return problemAt(named, [key], {
      rule: 'vmrun/unknown-key',
      message: `unknown key ${quoted(key)}`,
      hint: hint ?? `the keys are ${known.join(', ')}; ${pluginHint}`,
      at: keyNodes.get(key),
    })
  })
}

function portWithoutNetwork(values: Partial<Instance>, named: NamedNode): readonly TextProblem[] {
  if (values.network !== 'none' || values['ssh-port'] === undefined) {
    return []
  }

  const message = 'ssh-port: there is no network card that it could lead to'
  const hint = 'leave it out, or set "network" to "isolated": forwarded ports work there, and nothing else'
  return [problemAt(named, ['ssh-port'], {rule: 'vmrun/port-without-network', message, hint})]
}

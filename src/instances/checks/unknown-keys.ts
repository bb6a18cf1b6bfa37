import type {JsonNode} from '../../json/node.js'
import type {JsonObject} from '../../json/value.js'
import {hints} from '../../text/hints.js'
import {didYouMean, nearest} from '../../text/nearest.js'
import {knownPluginHint, pluginHint} from '../../text/plugin-hint.js'
import {quoted} from '../../text/printable.js'
import {formatKeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import type {Doubt} from '../schema.js'
import {spanOfKey} from '../source-places.js'

/** An entry with more of them is no instance whose keys are mistyped. */
const mostTold = 100

type UnknownKey = Omit<Finding, 'severity' | 'instance'>

/**
 * What to tell of keys that are not known, with the nearest known one.
 *
 * @param node the entry that has them
 * @param doubt says of an unknown key who may know it and could not be asked
 */
export function describeUnknownKeys(
  unknown: readonly string[],
  node: JsonNode,
  known: readonly string[],
  doubt: Doubt,
): readonly UnknownKey[] {
  const told = unknown.slice(0, mostTold).map((key): UnknownKey => {
    const doubted = doubt(key)
    const hint = hints(knownPluginHint('key', key) ?? didYouMean(key, known), doubted)
    return {
      rule: 'vmrun/unknown-key',
      message: `unknown key ${quoted(key)}`,
      hint: hint ?? `the keys are ${known.join(', ')}; ${pluginHint}`,
      key: formatKeyPath([key]),
      ...(doubted !== undefined && {isDoubtful: true}),
      span: spanOfKey(node, key),
    }
  })
  const [next] = unknown.slice(mostTold)
  if (next === undefined) {
    return told
  }
  const message = `${unknown.length - mostTold} more keys that are not known, from here on`
  return [...told, {rule: 'vmrun/unknown-key', message, span: spanOfKey(node, next)}]
}

/** The keys that the first of the unknown ones in `value` are nearly: whoever mistyped a key does not miss it too. */
export function meantKeys(value: JsonObject, known: readonly string[]): readonly string[] {
  const names = new Set(known)
  return Object.keys(value)
    .filter(key => !names.has(key))
    .slice(0, mostTold)
    .flatMap(key => nearest(key, known) ?? [])
}

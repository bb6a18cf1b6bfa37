import type {Span} from '../../json/fault.js'
import type {JsonNode} from '../../json/node.js'
import {hints} from '../../text/hints.js'
import {didYouMean} from '../../text/nearest.js'
import {knownPluginHint, pluginHint} from '../../text/plugin-hint.js'
import {quoted} from '../../text/printable.js'
import {formatKeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import type {Doubt} from '../schema.js'
import {headOf, spansOfKeys} from '../source-places.js'

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
  const spans = spansOfKeys(node)
  const spanOf = (key: string): Span => spans.get(key) ?? headOf(node)
  const told = unknown.slice(0, mostTold).map((key): UnknownKey => {
    const doubted = doubt(key)
    const hint = hints(knownPluginHint('key', key) ?? didYouMean(key, known), doubted)
    return {
      rule: 'vmrun/unknown-key',
      message: `unknown key ${quoted(key)}`,
      hint: hint ?? `the keys are ${known.join(', ')}; ${pluginHint}`,
      key: formatKeyPath([key]),
      ...(doubted !== undefined && {isDoubtful: true}),
      span: spanOf(key),
    }
  })
  const [next] = unknown.slice(mostTold)
  if (next === undefined) {
    return told
  }
  const message = `${unknown.length - mostTold} more keys that are not known, from here on`
  return [...told, {rule: 'vmrun/unknown-key', message, span: spanOf(next)}]
}

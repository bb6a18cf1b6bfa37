import {hints} from '../text/hints.js'
import {didYouMean} from '../text/nearest.js'
import {pluginHint} from '../text/plugin-hint.js'
import type {Doubt} from './schema.js'

/**
 * What to do about a placeholder whose function is not known.
 *
 * @param known the functions that there are
 * @param doubt says of an unknown function who may know it and could not be asked
 */
export function unknownFunctionHint(name: string, known: readonly string[], doubt: Doubt): string {
  const meant = didYouMean(name, known)
  const doubted = doubt(name)
  const asked = doubted ?? (meant === undefined ? pluginHint : undefined)
  return hints(meant ?? `there are ${known.join(', ')}`, asked) ?? ''
}

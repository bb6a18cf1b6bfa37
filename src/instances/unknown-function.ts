import {hints} from '../text/hints.js'
import {didYouMean} from '../text/nearest.js'
import {pluginHint} from '../text/plugin-hint.js'
import type {Doubt} from './schema.js'

/**
 * What to tell of a placeholder whose function is not known. Its name is told only where it is nearly a known one:
 * otherwise it may be a part of a secret that is no placeholder at all.
 *
 * @param known the functions that there are
 * @param doubt says of an unknown function who may know it and could not be asked
 */
export function describeUnknownFunction(
  name: string,
  known: readonly string[],
  doubt: Doubt,
): {readonly message: string; readonly hint: string | undefined} {
  const meant = didYouMean(name, known)
  const asked = doubt(name) ?? (meant === undefined ? pluginHint : undefined)
  return {
    message: `unknown function${meant === undefined ? '' : ` ${name}`} in a placeholder`,
    hint: hints(meant ?? `there are ${known.join(', ')}`, asked),
  }
}

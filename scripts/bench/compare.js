// Whether a ratio got worse.

/**
 * @typedef {object} Comparison
 * @property {'worse' | 'same' | 'better' | 'not stored'} verdict
 * @property {number} [limit] what the ratio may be at most
 */

/**
 * How far a ratio may be from the stored one, as shares of it. Less than the first is no regression that anybody feels,
 * and another processor may make as much of a difference; more than the second is one, however noisy the host.
 */
const [leastNoise, mostNoise] = [0.1, 0.25]

/**
 * Compares a ratio with the stored one. The noise is half the range of the middle half of each of them, put together.
 *
 * @param {import('./statistics.js').Spread} now
 * @param {import('./statistics.js').Spread | undefined} stored
 * @returns {Comparison}
 */
export function compare(now, stored) {
  if (!stored) {
    return {verdict: 'not stored'}
  }

  const noise = (now.high - now.low + stored.high - stored.low) / 2
  const tolerance = Math.min(Math.max(noise, leastNoise * stored.median), mostNoise * stored.median)
  const limit = stored.median + tolerance
  if (now.median > limit) {
    return {verdict: 'worse', limit}
  }

  return {verdict: now.median < stored.median - tolerance ? 'better' : 'same', limit}
}

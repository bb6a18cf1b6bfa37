// Whether a ratio got worse.

/**
 * @typedef {object} Comparison
 * @property {'worse' | 'same' | 'better' | 'not stored'} verdict
 * @property {number} [noise] how far apart the two may be by chance, as a share of the stored ratio
 */

/**
 * How far a ratio may be from the stored one, as shares of it. Less than the first is no regression that anybody feels,
 * and another processor may make as much of a difference; more than the second is one, however noisy the host.
 */
const [leastNoise, mostNoise] = [0.1, 0.25]

/**
 * Compares a ratio with the stored one. The noise is half the range of the middle half of each of them, put together. A
 * ratio is worse only where that of the best rounds is worse as well: else it was the host.
 *
 * @param {import('./statistics.js').Ratio} now
 * @param {import('./statistics.js').Ratio | undefined} stored
 * @returns {Comparison}
 */
export function compare(now, stored) {
  if (!stored) {
    return {verdict: 'not stored'}
  }

  const measured = (now.high - now.low + stored.high - stored.low) / 2 / stored.median
  const noise = Math.min(Math.max(measured, leastNoise), mostNoise)
  if (now.median > stored.median * (1 + noise) && now.best > stored.best * (1 + noise)) {
    return {verdict: 'worse', noise}
  }

  return {verdict: now.median < stored.median * (1 - noise) ? 'better' : 'same', noise}
}

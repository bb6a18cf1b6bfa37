// Whether a ratio got worse.

/** @typedef {'worse' | 'same' | 'better' | 'not stored'} Verdict */

/** How many times the stored ratio is worse. Less may be the noise of a shared machine, or another processor. */
const leastFactor = 1.5

/**
 * Compares a ratio with the stored one. It is worse only where that of the best rounds is worse as well: else it was the
 * host.
 *
 * @param {import('./statistics.js').Ratio} now
 * @param {import('./statistics.js').Ratio | undefined} stored
 * @returns {Verdict}
 */
export function compare(now, stored) {
  if (!stored) {
    return 'not stored'
  }

  if (now.median >= stored.median * leastFactor && now.best >= stored.best * leastFactor) {
    return 'worse'
  }

  return now.median * leastFactor <= stored.median ? 'better' : 'same'
}

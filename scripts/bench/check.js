// The check for CI: whether a ratio got worse than the stored one.
import {compare} from './compare.js'
import {titleOf} from './row.js'

/** How many times the rounds are taken: what looks worse is measured again, and longer, before it is said to be. */
const efforts = [1, 2, 4]

/**
 * Measures, and compares each ratio with the stored one. Times are not compared: they are another machine's.
 *
 * @param {object} options
 * @param {readonly string[]} options.names of the measurements
 * @param {number} options.rounds
 * @param {(name: string, rounds: number) => Promise<readonly import('./row.js').Row[]>} options.measure
 * @param {readonly import('./row.js').Row[]} options.stored
 * @param {(line: string) => void} options.report
 * @returns {Promise<boolean>} whether none got worse, and none is new: a figure that is not stored is never compared
 */
export async function check({names, rounds, measure, stored, report}) {
  const storedRatios = new Map(stored.map(row => [titleOf(row), row.ratio]))
  let isGood = true
  for (const name of names) {
    /** @type {ReadonlySet<string> | undefined} */
    let suspects
    for (const effort of efforts) {
      suspects = reportWorse(await measure(name, rounds * effort), suspects)
      if (suspects.size === 0) {
        break
      }
    }

    isGood &&= suspects?.size === 0
  }

  return isGood

  /**
   * @param {readonly import('./row.js').Row[]} rows
   * @param {ReadonlySet<string> | undefined} suspects those that looked worse until now; all without it
   * @returns {ReadonlySet<string>} those of them that still do
   */
  function reportWorse(rows, suspects) {
    /** @type {Set<string>} */
    const worse = new Set()
    for (const row of rows) {
      const title = titleOf(row)
      if (row.ratio && (suspects?.has(title) ?? true)) {
        const verdict = compare(row.ratio, storedRatios.get(title))
        report(comparisonText(row, row.ratio, storedRatios.get(title), verdict))
        if (verdict === 'worse') {
          worse.add(title)
        }

        isGood &&= verdict !== 'not stored'
      }
    }

    return worse
  }
}

/**
 * @param {import('./row.js').Row} row
 * @param {import('./statistics.js').Ratio} ratio
 * @param {import('./statistics.js').Ratio | undefined} stored
 * @param {import('./compare.js').Verdict} verdict
 */
function comparisonText(row, ratio, stored, verdict) {
  const now = `${titleOf(row)}: ${ratioText(ratio)} in ${row.rounds} rounds`
  return stored
    ? `${now}, stored ${ratioText(stored)}: ${verdict}`
    : `${now}, none stored: npm run bench -- --store`
}

/** @param {import('./statistics.js').Ratio} ratio */
function ratioText({median, best}) {
  return `${median.toFixed(2)} × (best ${best.toFixed(2)} ×)`
}

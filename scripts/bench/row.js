// A row of the table of results.
import {median, ratios, spread} from './statistics.js'

/**
 * @typedef {object} Row
 * @property {string} name what was measured
 * @property {string} unit of the medians: `ms`, `MB` or `% of a core`
 * @property {number} rounds
 * @property {number} median
 * @property {number} low the lower quartile
 * @property {number} high the upper quartile
 * @property {string} [beside] what it was measured in turn with
 * @property {number} [besideMedian]
 * @property {import('./statistics.js').Ratio} [ratio] how many times that it is; the less, the better
 */

/**
 * What was measured beside something else.
 *
 * @param {{name: string, unit: string, values: readonly number[], beside: string, besides: readonly number[]}} measured
 * @returns {Row}
 */
export function ratioRow({name, unit, values, beside, besides}) {
  return {
    ...figureRow({name, unit, values}),
    beside,
    besideMedian: median(besides),
    ratio: ratios(values, besides),
  }
}

/**
 * What there is nothing to measure beside.
 *
 * @param {{name: string, unit: string, values: readonly number[]}} measured
 * @returns {Row}
 */
export function figureRow({name, unit, values}) {
  return {name, unit, rounds: values.length, ...spread(values)}
}

/**
 * What tells rows apart.
 *
 * @param {Pick<Row, 'name' | 'beside'>} row
 * @returns {string}
 */
export function titleOf({name, beside}) {
  return beside === undefined ? name : `${name}, beside ${beside}`
}

// What measuring comes to: figures, whether one got worse, and their table in docs/performance.md.
import {measurements} from './measurements.js'

/** @typedef {{median: number, low: number, high: number}} Spread between the quartiles */

/**
 * Spreads of what was measured in the rounds, of what was beside it, and of the rounds' own ratios.
 *
 * @typedef {object} Figure
 * @property {number} rounds
 * @property {Spread} value
 * @property {Spread} [beside]
 * @property {Spread & {best: number}} [ratio] the less, the better
 */

/**
 * What was measured with one major version of Node, by the names of the measurements.
 *
 * @typedef {{date: string, vmrun: string, machine: string, figures: Readonly<Record<string, Figure>>}} Result
 */

/** @typedef {Readonly<Record<string, Result>>} Results by the major version of Node */

/** How many times the stored ratio is worse. Less may be the noise of a shared machine, or another processor. */
const worseFactor = 1.5

const [begin, end] = ['<!-- npm run bench -- --store: begin -->', '<!-- npm run bench -- --store: end -->']

/**
 * Each round has a ratio of its own: what slowed the host down for a while slowed down both of its halves. A host that is
 * busy all the while slows down what takes long more than what is over within its first turn on the processor: the
 * ratio of the best rounds, which were disturbed least, shows whether that was it.
 *
 * @param {{values: readonly number[], besides: readonly number[]}} measured at least one; as many besides, or none
 * @returns {Figure}
 */
export function figureOf({values, besides}) {
  const figure = {rounds: values.length, value: spread(values)}
  if (besides.length === 0) {
    return figure
  }

  const ratios = values.map((value, round) => value / Number(besides[round]))
  const best = Math.min(...values) / Math.min(...besides)
  return {...figure, beside: spread(besides), ratio: {...spread(ratios), best}}
}

/**
 * The median and the range of the middle half, which single outliers do not move.
 *
 * @param {readonly number[]} values
 * @returns {Spread}
 */
function spread(values) {
  const sorted = values.toSorted((one, other) => one - other)
  const quantile = (/** @type {number} */ share) => {
    const place = (sorted.length - 1) * share
    const [below, above] = [Number(sorted[Math.floor(place)]), Number(sorted[Math.ceil(place)])]
    return below + (above - below) * (place - Math.floor(place))
  }
  return {median: quantile(0.5), low: quantile(0.25), high: quantile(0.75)}
}

/**
 * Whether a ratio got worse. It did only where that of the best rounds did too: else it was the host.
 *
 * @param {{median: number, best: number}} now
 * @param {{median: number, best: number}} stored
 */
export function isWorse(now, stored) {
  return now.median >= stored.median * worseFactor && now.best >= stored.best * worseFactor
}

/**
 * @param {Result['figures']} figures
 * @returns {string} in Markdown
 */
export function table(figures) {
  const header = ['measured', 'vmrun', 'beside', 'ratio', 'bar', 'met']
  const rows = Object.entries(measurements).flatMap(([name, measurement]) => {
    const figure = figures[name]
    return figure ? [cells(measurement, figure)] : []
  })
  return [header, header.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')
}

/**
 * @param {import('./measurements.js').Measurement} measurement
 * @param {Figure} figure
 */
function cells({title, unit, beside, bar}, figure) {
  const {value, ratio} = figure
  const quantity = (/** @type {number} */ number) =>
    `${short(number)}${unit.startsWith('%') ? '' : ' '}${unit}`
  const [barred, most, text] =
    'ratio' in bar
      ? [Number(ratio?.median), bar.ratio, `${bar.ratio} ×`]
      : [value.median, bar.median, quantity(bar.median)]
  return [
    title,
    ratio ? quantity(value.median) : `${quantity(value.median)} (${range(value)})`,
    figure.beside ? `${beside}: ${quantity(figure.beside.median)}` : '',
    ratio ? `${ratio.median.toFixed(2)} × (${range(ratio)})` : '',
    `at most ${text}`,
    barred <= most ? 'yes' : '**no**',
  ]
}

/** @param {Spread} spread */
function range({low, high}) {
  return `${short(low)} to ${short(high)}`
}

/** @param {number} number */
function short(number) {
  return Number.isInteger(number) ? String(number) : number.toFixed(number < 10 ? 2 : 0)
}

/**
 * Puts the results between the two comments of a page.
 *
 * @param {string} page
 * @param {Results} results
 * @returns {string}
 */
export function withResults(page, results) {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) {
    throw new Error(`the page has no ${begin} before a ${end}`)
  }

  const sections = Object.values(results).map(
    ({date, vmrun, machine, figures}) => `vmrun ${vmrun} on ${date}: ${machine}.\n\n${table(figures)}\n\n`,
  )
  return `${page.slice(0, from + begin.length)}\n\n${sections.join('')}${page.slice(to)}`
}

// What many measurements of one thing come to.

/**
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} low the lower quartile
 * @property {number} high the upper quartile
 */

/**
 * @typedef {Spread & {best: number}} Ratio
 */

/**
 * A quantile, between the two nearest values in proportion.
 *
 * @param {readonly number[]} values at least one, in any order
 * @param {number} share from 0 to 1
 * @returns {number}
 */
export function quantile(values, share) {
  const sorted = values.toSorted((one, other) => one - other)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) {
    throw new RangeError('no values')
  }

  return below + (above - below) * (place - Math.floor(place))
}

/**
 * @param {readonly number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  return quantile(values, 0.5)
}

/**
 * The median of some values and the range of their middle half, which single outliers do not move.
 *
 * @param {readonly number[]} values at least one
 * @returns {Spread}
 */
export function spread(values) {
  return {median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75)}
}

/**
 * What was measured in turn, as ratios. Each round has a ratio of its own: what slowed the host down for a while slowed
 * down both of its halves.
 *
 * A host that is busy all the while slows down what takes long more than what is over within its first turn on the
 * processor. The ratio of the best rounds, which were disturbed least, shows whether that was it.
 *
 * @param {readonly number[]} values one a round
 * @param {readonly number[]} besides what each is divided by
 * @returns {Ratio}
 */
export function ratios(values, besides) {
  if (values.length !== besides.length) {
    throw new RangeError(`${values.length} values beside ${besides.length}`)
  }

  return {
    ...spread(values.map((value, round) => value / Number(besides[round]))),
    best: quantile(values, 0) / quantile(besides, 0),
  }
}

import {expect, test} from 'vitest'
import {median, quantile, ratios, spread} from '../../scripts/bench/statistics.js'

test('the median is the value in the middle, in whatever order they come', () => {
  expect(median([30, 1, 2])).toBe(2)
  expect(median([7])).toBe(7)
})

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([4, 1, 2, 100])).toBe(3)
})

test('a quantile between two values is as near to each as its share says', () => {
  expect(quantile([0, 10, 20, 30, 40], 0.25)).toBe(10)
  expect(quantile([0, 10], 0.25)).toBe(2.5)
})

test('no values have no median', () => {
  expect(() => median([])).toThrow('no values')
})

test('an outlier does not widen the range of the middle half', () => {
  expect(spread([10, 11, 12, 13, 1000])).toEqual({median: 12, low: 11, high: 13})
})

test('a ratio is that of the values of one round: what slows down whole rounds does not change it', () => {
  const besides = [10, 10, 50, 10, 10]
  expect(
    ratios(
      besides.map(beside => 2 * beside),
      besides,
    ),
  ).toEqual({median: 2, low: 2, high: 2, best: 2})
})

test('the ratio of the best is that of the least values, whichever rounds they come from', () => {
  expect(ratios([30, 20, 40], [10, 20, 5])).toMatchObject({best: 4})
})

test('what was not measured as often as what is beside it has no ratio', () => {
  expect(() => ratios([1, 2], [1])).toThrow('2 values beside 1')
})

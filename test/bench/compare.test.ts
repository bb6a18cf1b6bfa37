import {expect, test} from 'vitest'
import {compare} from '../../scripts/bench/compare.js'

const stored = ratio(2, 0.05)

/** A ratio whose middle half reaches as far on both sides, and whose best rounds have the ratio of all, or another one. */
function ratio(median: number, reach: number, best = median): Parameters<typeof compare>[0] {
  return {median, low: median - reach, high: median + reach, best}
}

test('a ratio that is worse by more than the noise is worse', () => {
  expect(compare(ratio(2.5, 0.05), stored).verdict).toBe('worse')
})

test('a ratio that is worse by less than the noise that was measured is the same', () => {
  expect(compare(ratio(2.35, 0.05), stored).verdict).toBe('worse')
  expect(compare(ratio(2.35, 0.4), stored).verdict).toBe('same')
})

test('the noise of the stored ratio counts as much', () => {
  expect(compare(ratio(2.35, 0.05), ratio(2, 0.4)).verdict).toBe('same')
})

test('a difference of a tenth is none, however little noise there is', () => {
  expect(compare(ratio(2.19, 0), ratio(2, 0)).verdict).toBe('same')
  expect(compare(ratio(2.21, 0), ratio(2, 0)).verdict).toBe('worse')
})

test('a ratio that is worse by 30% is worse, however much noise there is', () => {
  expect(compare(ratio(2.6, 3), ratio(2, 3)).verdict).toBe('worse')
})

test('a lower ratio is better, and within the noise the same', () => {
  expect(compare(ratio(1.5, 0.05), stored).verdict).toBe('better')
  expect(compare(ratio(1.9, 0.05), stored).verdict).toBe('same')
})

test('a ratio of which none is stored is not compared', () => {
  expect(compare(ratio(2, 0.05), undefined)).toEqual({verdict: 'not stored'})
})

test('a ratio whose best rounds are as good as ever is no worse: the host was busy', () => {
  expect(compare(ratio(2.6, 0.05, 2), stored).verdict).toBe('same')
  expect(compare(ratio(2.6, 0.05, 2.6), stored).verdict).toBe('worse')
})

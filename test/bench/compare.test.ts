import {expect, test} from 'vitest'
import {compare} from '../../scripts/bench/compare.js'

const stored = ratio(2)

/** A ratio whose best rounds have the ratio of all, or another one. */
function ratio(median: number, best = median): Parameters<typeof compare>[0] {
  return {median, low: median, high: median, best}
}

test('a ratio that is half as large again is worse', () => {
  expect(compare(ratio(3), stored)).toBe('worse')
  expect(compare(ratio(2.99), stored)).toBe('same')
})

test('a stored ratio that was half as large again was worse', () => {
  expect(compare(stored, ratio(3))).toBe('better')
  expect(compare(stored, ratio(2.99))).toBe('same')
})

test('a ratio of which none is stored is not compared', () => {
  expect(compare(ratio(2), undefined)).toBe('not stored')
})

test('a ratio whose best rounds are as good as ever is no worse: the host was busy', () => {
  expect(compare(ratio(4, 2), stored)).toBe('same')
})

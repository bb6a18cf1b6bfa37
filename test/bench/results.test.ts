import {readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {measurements} from '../../scripts/bench/measurements.js'
import {figureOf, isWorse, withResults} from '../../scripts/bench/results.js'

const read = async (path: string): Promise<string> =>
  await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

test('a ratio is that of one round: what slows down whole rounds does not change it', () => {
  const besides = [10, 10, 50, 10, 20]
  const {ratio, beside} = figureOf({values: besides.map(time => 2 * time), besides})
  expect(ratio).toEqual({median: 2, low: 2, high: 2, best: 2})
  expect(beside).toEqual({median: 10, low: 10, high: 20})
})

test('the best ratio is that of the least values, whichever rounds they come from', () => {
  expect(figureOf({values: [30, 20, 40], besides: [10, 20, 5]}).ratio?.best).toBe(4)
})

test('what stands alone has no ratio, and a quantile between two values is in proportion', () => {
  expect(figureOf({values: [4, 1, 2, 100], besides: []})).toEqual({
    rounds: 4,
    value: {median: 3, low: 1.75, high: 28},
  })
})

test('a ratio is worse that is half as large again, in the median and in the best rounds', () => {
  const stored = {median: 2, best: 2}
  expect(isWorse({median: 3, best: 3}, stored)).toBe(true)
  expect(isWorse({median: 2.99, best: 3}, stored)).toBe(false)
  expect(isWorse({median: 4, best: 2.99}, stored)).toBe(false)
})

test('everything that is measured is stored, and the table of the page is that of the stored results', async () => {
  const results = JSON.parse(await read('scripts/bench/results.json'))
  for (const {figures} of Object.values<{figures: object}>(results)) {
    expect(new Set(Object.keys(figures))).toEqual(new Set(Object.keys(measurements)))
  }

  const page = await read('docs/performance.md')
  expect(withResults(page, results)).toBe(page)
})

import {expect, test} from 'vitest'
import {check} from '../../scripts/bench/check.js'
import {figureRow, ratioRow} from '../../scripts/bench/row.js'

const rounds = 3
const stored = [row('list', 2)]

/** A row whose ratio is the same in all rounds. */
function row(name: string, ratio: number): ReturnType<typeof ratioRow> {
  const besides = Array.from({length: rounds}, () => 100)
  return ratioRow({
    name,
    unit: 'ms',
    values: besides.map(beside => ratio * beside),
    beside: 'node -e 0',
    besides,
  })
}

/** Checks a measurement that has each of some ratios in turn, and the last one from then on. */
async function checked(
  ratios: readonly number[],
  rows = stored,
): Promise<{isGood: boolean; lines: readonly string[]; allRounds: readonly number[]}> {
  const lines: string[] = []
  const allRounds: number[] = []
  const isGood = await check({
    names: ['start-up'],
    rounds,
    stored: rows,
    measure: async (_name, count) => {
      allRounds.push(count)
      return [row('list', ratios[allRounds.length - 1] ?? ratios.at(-1) ?? 0)]
    },
    report: line => lines.push(line),
  })
  return {isGood, lines, allRounds}
}

test('a ratio as it was passes, and is measured once', async () => {
  const {isGood, lines, allRounds} = await checked([2])
  expect(isGood).toBe(true)
  expect(allRounds).toEqual([3])
  expect(lines).toEqual([
    'list, beside node -e 0: 2.00 × (best 2.00 ×) in 3 rounds, stored 2.00 × (best 2.00 ×): same',
  ])
})

test('a ratio that looks worse is measured again, and longer', async () => {
  const {isGood, allRounds, lines} = await checked([3, 2])
  expect(isGood).toBe(true)
  expect(allRounds).toEqual([3, 6])
  expect(lines[0]).toMatch(/: worse$/u)
  expect(lines[1]).toMatch(/: same$/u)
})

test('a ratio that is worse each time fails', async () => {
  const {isGood, allRounds} = await checked([3])
  expect(isGood).toBe(false)
  expect(allRounds).toEqual([3, 6, 12])
})

test('a better ratio passes', async () => {
  const {isGood, lines} = await checked([1])
  expect(isGood).toBe(true)
  expect(lines[0]).toMatch(/: better$/u)
})

test('a ratio that is not stored, as that of a new measurement, fails, as it would never be compared', async () => {
  const {isGood, lines} = await checked([9], [row('other', 2)])
  expect(isGood).toBe(false)
  expect(lines).toEqual([
    'list, beside node -e 0: 9.00 × (best 9.00 ×) in 3 rounds, none stored: npm run bench -- --store',
  ])
})

test('only what looked worse has to hold when it is measured again', async () => {
  const all = [
    [row('list', 3), row('--help', 2)],
    [row('list', 2), row('--help', 3)],
  ]
  const isGood = await check({
    names: ['start-up'],
    rounds,
    stored: [row('list', 2), row('--help', 2)],
    measure: async () => all.shift() ?? [],
    report: () => undefined,
  })
  expect(isGood).toBe(true)
})

test('times are not compared: another machine has other ones', async () => {
  const time = (value: number): ReturnType<typeof figureRow> =>
    figureRow({name: 'list', unit: 'ms', values: [value]})
  const isGood = await check({
    names: ['start-up'],
    rounds,
    stored: [time(1)],
    measure: async () => [time(100)],
    report: () => undefined,
  })
  expect(isGood).toBe(true)
})

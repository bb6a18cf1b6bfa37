import {expect, test} from 'vitest'
import {barOf} from '../../scripts/bench/bars.js'
import {figureRow, ratioRow} from '../../scripts/bench/row.js'

/** One that took twice what is beside it, which took `beside`. */
function row(name: string, beside: string, value: number, besideValue: number): ReturnType<typeof ratioRow> {
  return ratioRow({name, unit: 'ms', values: [value], beside, besides: [besideValue]})
}

test('a bar for a ratio is met up to itself', () => {
  expect(barOf(row('to QEMU', 'node -e 0', 250, 100))).toEqual({text: 'at most 2.5 ×', isMet: true})
  expect(barOf(row('to QEMU', 'node -e 0', 251, 100))).toMatchObject({isMet: false})
})

test('a bar for how much sooner something is, is one for a ratio', () => {
  const slow = row('to ready, aarch64', 'the plain script', 5, 10)
  expect(barOf(slow)).toEqual({text: 'at most 0.40 ×: 2.5 × sooner', isMet: false})
  expect(barOf(row('to ready, aarch64', 'the plain script', 4, 10))).toMatchObject({isMet: true})
})

test('a bar for a figure looks at the figure', () => {
  expect(barOf(row('after the guest', 'node -e 0', 49, 1))).toMatchObject({isMet: true})
  expect(barOf(row('after the guest', 'node -e 0', 51, 100))).toMatchObject({isMet: false})
  expect(barOf(figureRow({name: 'an idle supervisor', unit: '% of a core', values: [0.6]}))).toMatchObject({
    isMet: false,
  })
})

test('where nothing is promised there is no bar', () => {
  expect(barOf(row('--help', 'node -e 0', 1, 1))).toBeUndefined()
})

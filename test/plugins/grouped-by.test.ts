import {expect, test} from 'vitest'
import {groupedBy} from '../../src/plugins/grouped-by.js'

test('things with one key are in one group, in their order', () => {
  const groups = groupedBy(['apple', 'bean', 'avocado', 'apricot', 'beet'], ([first]) => first)
  expect(Array.from(groups)).toEqual([
    ['a', ['apple', 'avocado', 'apricot']],
    ['b', ['bean', 'beet']],
  ])
})

test('the groups are in the order of their first members', () => {
  expect(Array.from(groupedBy([3, 1, 2, 1], number => number).keys())).toEqual([3, 1, 2])
})

test('keys are told apart as those of a Map', () => {
  const groups = groupedBy([0, '0', Number.NaN, Number.NaN, undefined, '__proto__'], key => key)
  expect(Array.from(groups.values(), ({length}) => length)).toEqual([1, 1, 2, 1, 1])
})

test('of nothing there are no groups', () => {
  expect(groupedBy([], key => key).size).toBe(0)
})

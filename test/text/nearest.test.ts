import {expect, test} from 'vitest'
import {didYouMean, nearest} from '../../src/text/nearest.js'

const keys = ['name', 'timeout-seconds', 'cpu-cores', 'root-disk', 'ram']

test.each([
  ['timeout_seconds', 'timeout-seconds'],
  ['timeoutSeconds', 'timeout-seconds'],
  ['timeout-secnods', 'timeout-seconds'],
  ['timeout', 'timeout-seconds'],
  ['cores', 'cpu-cores'],
  ['disk', 'root-disk'],
  ['RAM', 'ram'],
  ['arm', 'ram'],
])('%s is near %s', (word, key) => {
  expect(nearest(word, keys)).toBe(key)
})

test.each(['memory', 'x', '', 'a-very-long-word-of-another-kind'])('nothing is near "%s"', word => {
  expect(nearest(word, keys)).toBeUndefined()
})

test('the hint asks for the nearest word', () => {
  expect(didYouMean('naem', keys)).toBe('did you mean name?')
  expect(didYouMean('memory', keys)).toBeUndefined()
})

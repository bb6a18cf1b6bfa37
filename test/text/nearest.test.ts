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

test('nothing is near a word of megabytes, or far down a list of very many, and nobody waits for that', () => {
  const letters = Array.from({length: 10_000_000}, (_, index) => String.fromCharCode(0x1_00 + (index % 5000)))
  expect(nearest(letters.join(''), keys)).toBeUndefined()
  const many = Array.from({length: 1_000_000}, (_, index) => `${index}-${'x'.repeat(50)}`)
  expect(nearest('y'.repeat(60), many)).toBeUndefined()
})

test('the hint asks for the nearest word', () => {
  expect(didYouMean('naem', keys)).toBe('did you mean name?')
  expect(didYouMean('memory', keys)).toBeUndefined()
})

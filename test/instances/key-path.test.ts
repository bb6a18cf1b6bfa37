import {expect, test} from 'vitest'
import {formatKeyPath} from '../../src/instances/key-path.js'

test.each([
  [['timeout-seconds'], 'timeout-seconds'],
  [['config', 'tokens', 0], 'config.tokens[0]'],
  [['config', 'a b', 'c'], 'config["a b"].c'],
  [['config', ''], 'config[""]'],
  [['config', '\u001b'], String.raw`config["\u001b"]`],
])('%j is written as %s', (path, text) => {
  expect(formatKeyPath(path)).toBe(text)
})

test('what is very long is cut: a key, and the middle of a path', () => {
  const long = 'k'.repeat(1_000_000)
  expect(formatKeyPath([long]).length).toBeLessThan(300)
  expect(formatKeyPath(['config', long]).length).toBeLessThan(100)
  const deep = ['config', ...Array.from({length: 500}, (_, index) => `a${index}`), 3]
  expect(formatKeyPath(deep)).toBe(
    'config.a0.a1.a2.a3.a4.a5.a6.a7.a8….a491.a492.a493.a494.a495.a496.a497.a498.a499[3]',
  )
})

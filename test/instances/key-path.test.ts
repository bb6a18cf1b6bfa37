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

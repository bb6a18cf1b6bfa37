import {expect, test} from 'vitest'
import {commandWords} from '../../../src/start/boot/boot.js'

test.each([
  [
    ['plugins:install', 'a:b'],
    ['plugins', 'install', 'a:b'],
  ],
  [
    ['plugins', 'install', 'file:/x'],
    ['plugins', 'install', 'file:/x'],
  ],
  [
    ['run', 'vm:1'],
    ['run', 'vm:1'],
  ],
  [['--help'], ['--help']],
  [['--file=a:b'], ['--file=a:b']],
  [[], []],
])('%j is %j', (argv, words) => {
  expect(commandWords(argv)).toEqual(words)
})

import {expect, test} from 'vitest'
import {readText} from './read-text.js'

const seed = '"name": "a", "image": "i", "timeout-seconds": 5, "config": {}'

test.each([
  ['timeout_seconds', 'did you mean timeout-seconds?'],
  ['disk', 'did you mean root-disk?'],
  [
    'gpu',
    expect.stringMatching(
      /^the keys are name, .*; a plugin may add it: "vmrun plugins" lists those that this user has$/u,
    ),
  ],
  ['__proto__', expect.stringContaining('the keys are name, image, timeout-seconds, config, arch')],
])('the unknown key %s is reported at the key', async (key, hint) => {
  const {problems} = await readText(`[{${seed},\n"${key}": 1}]`)
  expect(problems).toMatchObject([{line: 2, column: 1, key, message: `unknown key "${key}"`, hint}])
})

test('a key that is mistyped is not missing as well', async () => {
  const {problems} = await readText(`[{${seed.replace('timeout-seconds', 'timeout_seconds')}}]`)
  expect(problems.map(({rule}) => rule)).toEqual(['vmrun/unknown-key'])
})

test('of more than 100 in one entry the rest is counted', async () => {
  const keys = Array.from({length: 250}, (_, index) => `"x${index}": 1`)
  const {problems} = await readText(`[{${seed}, ${keys.join(', ')}}]`)
  expect(problems).toHaveLength(101)
  expect(problems.at(-1)?.message).toBe('150 more keys that are not known, from here on')
})

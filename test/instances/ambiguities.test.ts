import {expect, test} from 'vitest'
import {problemsOf} from './read-text.js'

async function problemsWith(config: string): Promise<string[]> {
  return await problemsOf(`[{"name": "a", "image": "i", "timeout-seconds": 5, "config": ${config}}]`)
}

test('a key that stands twice is an error that names both places, however deep and however it is spelt', async () => {
  const text = String.raw`{"k": [{"a": 1, "\u0061": 2, "a": 3}], "__proto__": 1,
    "__proto__": 2}, "image": "i"`
  expect(await problemsWith(text)).toEqual([
    '1:78: error: the key "a" stands twice in one object, first at line 1, column 70 (remove one of the two)',
    '1:91: error: the key "a" stands twice in one object, first at line 1, column 70 (remove one of the two)',
    '2:5: error: the key "__proto__" stands twice in one object, first at line 1, column 101 (remove one of the two)',
    '2:22: error: the key "image" stands twice in one object, first at line 1, column 16 (remove one of the two)',
  ])
  expect(await problemsWith('{"name": [{"a": 1}, {"a": 1}]}')).toEqual([])
})

test.each([
  ...[
    '0',
    '-0',
    '0e5',
    '0.000',
    '1',
    '-1.50',
    '1.5e3',
    '0.1',
    '100E-2',
    '9007199254740992',
    '1e23',
    '5e-324',
  ],
  ...['18014398509481984', '1.7976931348623157e308', '0.30000000000000004', '-1349690700079462.2'],
])('%s reaches the guest as it is written', async number => {
  expect(await problemsWith(`{"ids": [${number}]}`)).toEqual([])
})

test.each([
  ...['9007199254740993', '-9007199254740993', '12345678901234567890', '3.14159265358979323846'],
  ...['1e999', '-1e999', '1e-999', '0.10000000000000001', '9'.repeat(400)],
])('%s would reach the guest as another number, and is an error', async number => {
  expect(await problemsWith(`{"ids": [${number}]}`)).toEqual([
    '1:71: error: config.ids[0] is a number that cannot be handed on exactly as it is written ' +
      '(write it as a string, in double quotes)',
  ])
})

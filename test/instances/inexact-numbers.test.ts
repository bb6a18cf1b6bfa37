import {expect, test} from 'vitest'
import {problemsOf} from './read-text.js'

async function problemsWith(number: string): Promise<string[]> {
  return await problemsOf(
    `[{"name": "a", "image": "i", "timeout-seconds": 5, "config": {"ids": [${number}]}}]`,
  )
}

test.each([
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
  '18014398509481984',
  '1e23',
  '5e-324',
  '1.7976931348623157e308',
  '0.30000000000000004',
  '-1349690700079462.2',
])('%s reaches the guest as it is written', async number => {
  expect(await problemsWith(number)).toEqual([])
})

test.each([
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567890',
  '3.14159265358979323846',
  '1e999',
  '-1e999',
  '1e-999',
  '0.1000000000000000055',
])('%s would reach the guest as another number, and is an error', async number => {
  expect(await problemsWith(number)).toEqual([
    '1:71: error: config.ids[0] is a number that cannot be handed on exactly as it is written ' +
      '(write it as a string, in double quotes)',
  ])
})

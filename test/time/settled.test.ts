import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {settled} from '../../src/time/settled.js'

test.each([
  ['is fulfilled', () => Promise.resolve()],
  ['is rejected', () => Promise.reject(new Error('no'))],
])('the signal is aborted when the promise %s', async (_, promise) => {
  const signal = settled(promise())
  await turn()
  expect(signal.aborted).toBe(true)
})

test('the signal is not aborted while the promise is pending', async () => {
  const signal = settled(Promise.race([]))
  await turn()
  expect(signal.aborted).toBe(false)
})

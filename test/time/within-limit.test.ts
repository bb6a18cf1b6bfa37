import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {withinLimit} from '../../src/time/within-limit.js'

vi.mock('node:timers/promises', () => import('../run/fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = new Promise<never>(() => undefined)

test.each([
  ['at once', () => 'result'],
  ['later', async () => 'result'],
])('what gives its result %s is done in time', async (_, work) => {
  expect(await withinLimit(1000, work)).toBe('result')
})

test.each([
  [
    'throws',
    () => {
      throw new Error('refused')
    },
  ],
  ['rejects', () => Promise.reject(new Error('refused'))],
])('what %s fails so', async (_, work) => {
  await expect(withinLimit(1000, work)).rejects.toThrow('refused')
})

test('what takes longer is given up when the limit is reached, and not before', async () => {
  let failure: unknown
  const given = withinLimit(1500, () => never).catch((error: unknown) => {
    failure = error
  })
  await vi.advanceTimersByTimeAsync(1499)
  expect(failure).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  await given
  expect(failure).toEqual(new Error('still not done after 1.5 seconds'))
})

test('that what was given up fails later disturbs nobody', async () => {
  let fail: (error: Error) => void = () => undefined
  const late = new Promise<never>((_, reject) => {
    fail = reject
  })
  const given = expect(withinLimit(1000, () => late)).rejects.toThrow('still not done')
  await vi.advanceTimersByTimeAsync(1000)
  await given
  fail(new Error('refused'))
  await vi.runAllTimersAsync()
})

test.each([
  ['done', () => undefined],
  ['failed', () => Promise.reject(new Error('refused'))],
])('what is %s in time leaves no timer behind', async (_, work) => {
  await withinLimit(1000, work).catch(() => undefined)
  expect(vi.getTimerCount()).toBe(0)
})

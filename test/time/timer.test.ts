import {beforeEach, describe, expect, test, vi} from 'vitest'
import {settled, waitUntil, withinLimit} from '../../src/time/timer.js'

vi.mock('node:timers/promises', () => import('../run/fakeable-timers.js'))

const never = new AbortController().signal

describe('with the time faked', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  /** Whether a wait of so many milliseconds is over after `passed` of them, and over one later. */
  async function isOverAfter(wait: number, passed: number): Promise<readonly boolean[]> {
    let over = false
    const waited = waitUntil(performance.now() + wait, never).then(reached => {
      over = reached
    })
    await vi.advanceTimersByTimeAsync(passed)
    const before = over
    await vi.advanceTimersByTimeAsync(1)
    const after = over
    await vi.runAllTimersAsync()
    await waited
    return [before, after]
  }

  test.each([
    ['a millisecond', 1],
    ['a second', 1000],
    ['the longest that one timer holds', 2 ** 31 - 1],
    ['one more', 2 ** 31],
    ['twice as long and more', 2 ** 32 + 1],
    ['2^31 seconds, the longest timeout', 2 ** 31 * 1000],
  ])('%s is waited for to the millisecond', async (_, wait) => {
    expect(await isOverAfter(wait, wait - 1)).toEqual([false, true])
  })

  test.each([
    ['back', -86_400_000],
    ['forward', 86_400_000],
  ])('setting the wall clock %s changes nothing', async (_, change) => {
    const over = isOverAfter(10_000, 9999)
    vi.setSystemTime(Date.now() + change)
    expect(await over).toEqual([false, true])
  })

  test('a wait that is ended leaves no timer behind', async () => {
    const controller = new AbortController()
    const waited = waitUntil(performance.now() + 1000, controller.signal)
    controller.abort()
    expect(await waited).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  const unending = new Promise<never>(() => undefined)

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
    const given = withinLimit(1500, () => unending).catch((error: unknown) => {
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
})

test('the point is not reached early', async () => {
  const at = performance.now() + 20.5
  expect(await waitUntil(at, never)).toBe(true)
  expect(performance.now()).toBeGreaterThanOrEqual(at)
})

test.each([0, -1, Number.NEGATIVE_INFINITY])(
  'a point %s milliseconds from now is reached already',
  async past => {
    expect(await waitUntil(performance.now() + past, never)).toBe(true)
  },
)

test.each([-1, 1000])(
  'a wait that was ended before it began, for a point %s ms from now, did not reach it',
  async wait => {
    expect(await waitUntil(performance.now() + wait, AbortSignal.abort())).toBe(false)
  },
)

test.each([
  ['is fulfilled', () => Promise.resolve()],
  ['is rejected', () => Promise.reject(new Error('no'))],
])('the signal is aborted when the promise %s', async (_, promise) => {
  const signal = settled(promise())
  await new Promise(setImmediate)
  expect(signal.aborted).toBe(true)
})

test('the signal is not aborted while the promise is pending', async () => {
  const signal = settled(Promise.race([]))
  await new Promise(setImmediate)
  expect(signal.aborted).toBe(false)
})

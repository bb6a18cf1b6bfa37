import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {atMostEvery} from '../../../src/qemu/machine/at-most-every.js'

beforeEach(() => {
  vi.useFakeTimers({toFake: ['performance']})
})
afterEach(() => {
  vi.useRealTimers()
})

test('of events that come close together the first is told, and again the first after the interval', () => {
  const listener = vi.fn()
  const tell = atMostEvery(1000, listener)
  tell()
  vi.advanceTimersByTime(900)
  tell()
  expect(listener).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(200)
  tell()
  expect(listener).toHaveBeenCalledTimes(2)
})

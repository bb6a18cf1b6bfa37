import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {timeText} from '../../src/render/time-text.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const running = {type: 'machine-running', pid: 42, accelerator: 'tcg', timeoutSeconds: 90} as const

test.each([
  [0, 'runs for 0s, 1m 30s remain'],
  [400, 'runs for 0s, 1m 30s remain'],
  [1000, 'runs for 1s, 1m 29s remain'],
  [65_000, 'runs for 1m 5s, 25s remain'],
  [90_000, 'runs for 1m 30s, 0s remain'],
  [95_000, 'runs for 1m 35s, 0s remain'],
])('after %d ms a guest that runs: %s', (passed, text) => {
  const now = timeText(running, performance.now())
  vi.advanceTimersByTime(passed)
  expect(now()).toBe(text)
})

test('the grace period counts down', () => {
  const now = timeText(
    {type: 'shutting-down', cause: 'interrupted', rung: 'powerdown', graceSeconds: 60},
    performance.now(),
  )
  vi.advanceTimersByTime(18_000)
  expect(now()).toBe('interrupted; its power button is pressed, 42s of grace left (Ctrl-C ends it at once)')
})

test.each([
  ['quit', 'interrupted; it is being ended'],
  ['kill', 'interrupted; it is being ended'],
] as const)('nothing counts down after %s', (rung, text) => {
  const now = timeText(
    {type: 'shutting-down', cause: 'interrupted', rung, graceSeconds: 60},
    performance.now(),
  )
  vi.advanceTimersByTime(18_000)
  expect(now()).toBe(text)
})

test('setting the wall clock changes nothing', () => {
  const now = timeText(running, performance.now())
  vi.setSystemTime(Date.now() + 3_600_000)
  expect(now()).toBe('runs for 0s, 1m 30s remain')
})

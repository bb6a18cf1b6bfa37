import {expect, onTestFinished, test, vi} from 'vitest'
import {StopRequest, stopOnSignals} from '../../src/run/stop-request.js'

function stateOf({signal, forceSignal, cause}: StopRequest): object {
  return {stop: signal.aborted, force: forceSignal.aborted, cause}
}

test('the first request asks to stop in good order, and is the cause; the second skips to the end', () => {
  const stop = new StopRequest()
  expect(stateOf(stop)).toEqual({stop: false, force: false, cause: undefined})
  stop.request('interrupted')
  expect(stateOf(stop)).toEqual({stop: true, force: false, cause: 'interrupted'})
  stop.request('terminated')
  stop.request('timed-out')
  expect(stateOf(stop)).toEqual({stop: true, force: true, cause: 'interrupted'})
})

test('whoever hears of the request knows its cause already', () => {
  const stop = new StopRequest()
  let heard: string | undefined
  stop.signal.addEventListener('abort', () => {
    heard = stop.cause
  })
  stop.request('interrupted')
  expect(heard).toBe('interrupted')
})

test('the next request is whichever comes next, also for who waits for it once this one is told', () => {
  const stop = new StopRequest()
  const nexts = [stop.next()]
  nexts[0]?.addEventListener('abort', () => nexts.push(stop.next()))
  const aborted = (): readonly boolean[] => nexts.map(next => next.aborted)
  stop.request('interrupted')
  expect(aborted()).toEqual([true, false])
  stop.request('interrupted')
  nexts.push(stop.next())
  expect(aborted()).toEqual([true, true, false])
  stop.request('terminated')
  expect(aborted()).toEqual([true, true, true])
})

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** What this process's signals ask to stop, until the test is over. */
function stopped(): StopRequest {
  vi.useFakeTimers({toFake: ['performance']})
  const before = signals.map(signal => [signal, process.listeners(signal)] as const)
  onTestFinished(() => {
    for (const [signal, listeners] of before) {
      process.removeAllListeners(signal)
      for (const listener of listeners) {
        process.on(signal, listener)
      }
    }
  })
  const stop = new StopRequest()
  stopOnSignals(stop)
  return stop
}

/** Sends this process a signal and waits for it to arrive. */
async function send(signal: NodeJS.Signals): Promise<void> {
  const arrived = new Promise(resolve => {
    process.once(signal, resolve)
  })
  process.kill(process.pid, signal)
  await arrived
}

test.each([
  ['SIGINT', 'interrupted'],
  ['SIGTERM', 'terminated'],
  ['SIGHUP', 'terminated'],
  ['SIGQUIT', 'terminated'],
] as const)('%s asks the run to stop: %s', async (signal, cause) => {
  const stop = stopped()
  await send(signal)
  expect(stateOf(stop)).toEqual({stop: true, force: false, cause})
})

test.each([
  ['SIGTERM', 'SIGTERM', 999, 'is part of the same request'],
  ['SIGINT', 'SIGHUP', 999, 'is part of the same request'],
  ['SIGTERM', 'SIGQUIT', 999, 'is part of the same request'],
  ['SIGTERM', 'SIGTERM', 1000, 'skips to the end'],
  ['SIGINT', 'SIGTERM', 1000, 'skips to the end'],
  // A Ctrl-C is a request of its own.
  ['SIGTERM', 'SIGINT', 0, 'skips to the end'],
] as const)('after a %s, a %s %d milliseconds later %s', async (first, second, later, what) => {
  const stop = stopped()
  await send(first)
  const {cause} = stop
  const next = stop.next()
  vi.advanceTimersByTime(later)
  await send(second)
  const isOther = what === 'skips to the end'
  expect(next.aborted).toBe(isOther)
  expect(stateOf(stop)).toEqual({stop: true, force: isOther, cause})
})

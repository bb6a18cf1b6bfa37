import {expect, onTestFinished, test} from 'vitest'
import {StopRequest, stopOnSignals} from '../../src/run/stop-request.js'

function stateOf({signal, forceSignal, cause}: StopRequest): object {
  return {stop: signal.aborted, force: forceSignal.aborted, cause}
}

test('at first nobody asked', () => {
  expect(stateOf(new StopRequest())).toEqual({stop: false, force: false, cause: undefined})
})

test('the first request asks to stop in good order, and is the cause', () => {
  const stop = new StopRequest()
  stop.request('timed-out')
  expect(stateOf(stop)).toEqual({stop: true, force: false, cause: 'timed-out'})
})

test('the second request skips to the end, and neither it nor further ones change the cause', () => {
  const stop = new StopRequest()
  for (const cause of ['interrupted', 'terminated', 'timed-out', 'interrupted'] as const) {
    stop.request(cause)
  }

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

test('the next request is whichever comes next', () => {
  const stop = new StopRequest()
  const first = stop.next()
  expect(first.aborted).toBe(false)
  stop.request('interrupted')
  const second = stop.next()
  expect([first.aborted, second.aborted]).toEqual([true, false])
  stop.request('interrupted')
  const third = stop.next()
  expect([second.aborted, third.aborted]).toEqual([true, false])
  stop.request('terminated')
  expect(third.aborted).toBe(true)
})

test('who waits for the next request once this one is told waits for the one after', () => {
  const stop = new StopRequest()
  let after: AbortSignal | undefined
  stop.next().addEventListener('abort', () => {
    after = stop.next()
  })
  stop.request('interrupted')
  expect(after?.aborted).toBe(false)
})

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** What this process's signals ask to stop, until the test is over. @param now the time of a signal, in milliseconds */
function stopped(now: () => number = () => 0): StopRequest {
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
  stopOnSignals(stop, now)
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
  let time = 5000
  const stop = stopped(() => time)
  await send(signal)
  expect(stop.cause).toBe(cause)
  expect(stop.forceSignal.aborted).toBe(false)
  time += 1000
  await send(signal)
  expect(stop.forceSignal.aborted).toBe(true)
  expect(stop.cause).toBe(cause)
})

test('a second signal of another kind skips to the end as well', async () => {
  let time = 0
  const stop = stopped(() => time)
  await send('SIGINT')
  time += 1000
  await send('SIGTERM')
  expect(stop.forceSignal.aborted).toBe(true)
  expect(stop.cause).toBe('interrupted')
})

test.each(['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  'a %s within a second of another signal is part of the same request',
  async signal => {
    let time = 0
    const stop = stopped(() => time)
    await send('SIGTERM')
    const next = stop.next()
    time += 999
    await send(signal)
    expect(stop.forceSignal.aborted).toBe(false)
    expect(next.aborted).toBe(false)
  },
)

test('a Ctrl-C is a request of its own, however soon it comes', async () => {
  const stop = stopped()
  await send('SIGTERM')
  await send('SIGINT')
  expect(stop.forceSignal.aborted).toBe(true)
  expect(stop.cause).toBe('terminated')
})

import {expect, onTestFinished, test} from 'vitest'
import {StopRequest, stopOnSignals} from '../../src/run/stop-request.js'

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

import {setTimeout as sleep} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {stopOnSignals} from '../../src/pipeline/signals.js'
import {StopRequest} from '../../src/pipeline/stop-request.js'

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
] as const)('%s asks the run to stop: %s', async (signal, cause) => {
  const stop = new StopRequest()
  const release = stopOnSignals(stop)
  try {
    await send(signal)
    expect(stop.cause).toBe(cause)
    expect(stop.forceSignal.aborted).toBe(false)
    await send(signal)
    expect(stop.forceSignal.aborted).toBe(true)
    expect(stop.cause).toBe(cause)
  } finally {
    release()
  }
})

test('a second signal of another kind skips to the end as well', async () => {
  const stop = new StopRequest()
  const release = stopOnSignals(stop)
  try {
    await send('SIGINT')
    await send('SIGTERM')
    expect(stop.forceSignal.aborted).toBe(true)
    expect(stop.cause).toBe('interrupted')
  } finally {
    release()
  }
})

test('afterwards the signals are no longer the run’s', async () => {
  const before = process.listenerCount('SIGTERM')
  const stop = new StopRequest()
  const release = stopOnSignals(stop)
  expect(process.listenerCount('SIGTERM')).toBe(before + 1)
  release()
  expect(process.listenerCount('SIGTERM')).toBe(before)
  await send('SIGTERM')
  await sleep(0)
  expect(stop.cause).toBeUndefined()
})

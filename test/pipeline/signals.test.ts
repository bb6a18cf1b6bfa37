import {expect, onTestFinished, test} from 'vitest'
import {stopOnSignals} from '../../src/pipeline/signals.js'
import {StopRequest} from '../../src/pipeline/stop-request.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** What this process's signals ask to stop, until the test is over. */
function stopped(): StopRequest {
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
  expect(stop.cause).toBe(cause)
  expect(stop.forceSignal.aborted).toBe(false)
  await send(signal)
  expect(stop.forceSignal.aborted).toBe(true)
  expect(stop.cause).toBe(cause)
})

test('a second signal of another kind skips to the end as well', async () => {
  const stop = stopped()
  await send('SIGINT')
  await send('SIGTERM')
  expect(stop.forceSignal.aborted).toBe(true)
  expect(stop.cause).toBe('interrupted')
})

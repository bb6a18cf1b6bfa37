import {expect, test} from 'vitest'
import {withinStartLimit} from '../../src/time/start-limit.js'
import {never, sampleRun} from '../run/sample-run.js'

test('what hangs is told to end, and is not waited for', async () => {
  const {run} = sampleRun({instance: {'start-seconds': 1}})
  const told: string[] = []
  const hanging = withinStartLimit(run, 'QEMU', signal => {
    signal.addEventListener('abort', () => told.push('to end'))
    return never
  })
  await expect(hanging).rejects.toMatchObject({
    name: 'HostError',
    message: 'QEMU hangs: it was not ready after 1s',
    hint: expect.stringContaining('start-seconds'),
  })
  expect(told).toEqual(['to end'])
})

test('a run that is asked to stop tells it to end, too', async () => {
  const {run} = sampleRun()
  const stopped = withinStartLimit(
    run,
    'QEMU',
    signal =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('ended')))
      }),
  )
  run.stop.request('interrupted')
  await expect(stopped).rejects.toThrow('ended')
})

import {beforeEach, expect, test, vi} from 'vitest'
import type {MachineEnd} from '../../../src/contract/machine.js'
import {HostError} from '../../../src/errors/errors.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {timeoutWatchStep} from '../../../src/run/steps/timeout-watch.js'
import {ofType, sampleRun} from '../sample-run.js'
import {ignoresPowerButton, obeys, ScriptedMachine} from '../scripted-machine.js'
import {watch} from './watched.js'

vi.mock('node:timers/promises', () => import('../fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})

const lost = new HostError('QEMU was killed by SIGKILL')

test('a job that has ended leaves the guest its grace period to power off by itself', async () => {
  const {run, events, machine, rungsAt, done, say} = watch(obeys)
  say('exit 7')
  await vi.advanceTimersByTimeAsync(59_999)
  machine.end({how: 'powered-off'})
  expect(await done()).toBe('Guest: shut itself down after 59.9s')
  expect(rungsAt(0)).toEqual([])
  expect(run.stop.cause).toBeUndefined()
  expect(ofType(events, 'deadline-near')).toEqual([])
})

test('a guest that does not power off when its job has ended is shut down', async () => {
  const {run, events, rungsAt, done, say} = watch(ignoresPowerButton, {'grace-seconds': 7})
  await vi.advanceTimersByTimeAsync(1000)
  say('exit 0')
  expect(await done()).toBe('Guest: was ended after 15s')
  expect(rungsAt(0)).toEqual([
    ['powerdown', 8],
    ['quit', 15],
  ])
  expect(ofType(events, 'shutting-down')[0]).toMatchObject({cause: 'job-ended'})
  expect(run.stop.cause).toBeUndefined()
})

test('whoever asks the run to stop when its job has ended does not wait for the grace period', async () => {
  const {run, rungsAt, done, say} = watch(obeys)
  say('exit 7')
  await vi.advanceTimersByTimeAsync(1000)
  run.stop.request('interrupted')
  expect(await done()).toBe('Guest: shut down when asked to after 1s')
  expect(rungsAt(0)).toEqual([['powerdown', 1]])
})

test.each<[string, MachineEnd, string]>([
  ['a crash', {how: 'crashed', what: 'panicked'}, 'panicked when its job had ended'],
  [
    'the loss of QEMU',
    {how: 'failed', error: lost},
    'was lost when its job had ended (QEMU was killed by SIGKILL)',
  ],
])('after the end of the job %s is told, and no error', async (_, end, title) => {
  const {machine, done, say} = watch(obeys)
  say('exit 0')
  await vi.advanceTimersByTimeAsync(1000)
  machine.end(end)
  expect(await done()).toBe(`Guest: ${title} after 1s`)
})

test('what did not hold while the guest ran voids its job', async () => {
  const {run, machine, done, say} = watch(obeys)
  run.mustHold(() => Promise.reject(new HostError('the image was written to')))
  say('exit 0')
  machine.end({how: 'powered-off'})
  await expect(done()).rejects.toThrow('the image was written to')
})

test('what the guest said before its machine was gone counts, also when it is heard afterwards', async () => {
  const {run, machine, done, say} = watch(obeys)
  run.running = {
    ...{machine, accelerator: 'tcg', since: performance.now()},
    ports: {heard: async () => say('exit 7'), tell: () => undefined},
  }
  const watched = timeoutWatchStep.run(run, () => undefined)
  machine.end({how: 'crashed', what: 'panicked'})
  await expect(watched).resolves.toMatch(/^Guest: panicked when its job had ended/u)
  await done().catch(() => undefined)
  expect(run.guest.decisiveExitCode).toBe(7)
})

test('a guest that has not said in time that it is ready is shut down', async () => {
  const {run, rungsAt, done} = watch(obeys, {'ready-seconds': 90})
  await done()
  expect(run.stop.cause).toBe('boot-failed')
  expect(rungsAt(0)).toEqual([['powerdown', 90]])
})

test.each([['ready'], ['ready', 'busy']])('one that has, by %s, is not', async (...words) => {
  const {run, rungsAt, done, say} = watch(obeys, {'ready-seconds': 90})
  await vi.advanceTimersByTimeAsync(89_999)
  say(...words)
  await done()
  expect(run.stop.cause).toBe('timed-out')
  expect(rungsAt(0)).toHaveLength(1)
})

test('the time of a guest counts anew from when it is first busy, and only then', async () => {
  const {run, announced, rungsAt, done, say} = watch(obeys, {'timeout-seconds': 100})
  await vi.advanceTimersByTimeAsync(99_000)
  say('busy')
  await vi.advanceTimersByTimeAsync(50_000)
  say('idle', 'busy')
  await done()
  expect(run.stop.cause).toBe('timed-out')
  expect(announced).toEqual([
    [60, 40],
    [60, 139],
  ])
  expect(rungsAt(0)).toEqual([['powerdown', 199]])
})

test('a guest that has nothing to do for too long is shut down, and nobody has asked for that', async () => {
  const {run, events, rungsAt, done, say} = watch(obeys, {'idle-seconds': 30})
  await vi.advanceTimersByTimeAsync(50_000)
  say('ready')
  await vi.advanceTimersByTimeAsync(20_000)
  say('busy')
  await vi.advanceTimersByTimeAsync(100_000)
  say('idle')
  expect(await done()).toBe('Guest: shut down when asked to after 3m 20s')
  expect(rungsAt(0)).toEqual([['powerdown', 200]])
  expect(ofType(events, 'shutting-down')[0]).toMatchObject({cause: 'idle'})
  expect(run.stop.cause).toBeUndefined()
})

test('a shutdown is told to the guest first, and a machine without a power button is asked by its agent', async () => {
  const {run, events} = sampleRun({architecture: {...x86_64, powerButton: false}})
  const machine = new ScriptedMachine(ignoresPowerButton)
  const told: string[] = []
  run.running = {
    ...{machine, accelerator: 'tcg', since: performance.now()},
    ports: {
      heard: async () => undefined,
      tell: word => told.push(word),
      shutDown: async () => {
        told.push('agent')
        if (told.length === 3) {
          machine.end({how: 'powered-off'})
        }
      },
    },
  }
  const watched = timeoutWatchStep.run(run, () => undefined)
  run.stop.request('terminated')
  await vi.runAllTimersAsync()
  expect(await watched).toBe('Guest: shut down when asked to after 5s')
  expect(told).toEqual(['drain', 'agent', 'agent'])
  expect(machine.requests).toEqual([])
  expect(ofType(events, 'shutting-down')).toEqual([
    {type: 'shutting-down', cause: 'terminated', rung: 'agent', graceSeconds: 60},
  ])
})

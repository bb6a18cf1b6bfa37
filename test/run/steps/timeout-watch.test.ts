import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import type {Instance} from '../../../src/contract/instance.js'
import {GuestError, HostError} from '../../../src/errors/errors.js'
import {timeoutWatchStep} from '../../../src/run/steps/timeout-watch.js'
import {ofType, sampleRun} from '../sample-run.js'
import {
  ignoresEverything,
  ignoresPowerButton,
  obeys,
  type Script,
  ScriptedMachine,
} from '../scripted-machine.js'

vi.mock('node:timers/promises', () => import('../fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Watches over a machine that just started to run. */
function watch(script: Script, instance: Partial<Instance> = {}) {
  const {run, events} = sampleRun({instance})
  const machine = new ScriptedMachine(script)
  run.running = {machine, accelerator: 'tcg', since: performance.now()}
  const watched = timeoutWatchStep.run(run, () => undefined)
  watched.catch(() => undefined)
  const done = async (): Promise<string> => {
    await vi.runAllTimersAsync()
    return await watched
  }
  return {run, events, machine, done}
}

test('first it is told that the guest runs', async () => {
  const {events, machine, done} = watch(obeys, {'ssh-port': 2222})
  expect(events).toEqual([
    {type: 'machine-running', pid: 4242, accelerator: 'tcg', timeoutSeconds: 600, sshPort: 2222},
  ])
  machine.end({how: 'powered-off'})
  await done()
})

test('a guest that shuts itself down is done', async () => {
  const {run, events, machine, done} = watch(obeys)
  await vi.advanceTimersByTimeAsync(65_000)
  machine.end({how: 'powered-off'})
  expect(await done()).toBe('Guest: shut itself down after 1m 5s')
  expect(run.stop.cause).toBeUndefined()
  expect(ofType(events, 'shutting-down')).toEqual([])
})

test('a guest that crashes is an error of the guest', async () => {
  const {machine, done} = watch(obeys)
  machine.end({how: 'crashed', what: 'panicked'})
  await expect(done()).rejects.toThrow(new GuestError('the guest panicked'))
})

test('a machine that failed is an error of the host', async () => {
  const {machine, done} = watch(obeys)
  const error = new HostError('QEMU was killed by SIGKILL')
  machine.end({how: 'failed', error})
  await expect(done()).rejects.toBe(error)
})

test.each([1, 59, 60, 61, 600, 2 ** 31])(
  'after a timeout of %d seconds, and not before, the guest is asked to shut down',
  async timeout => {
    const {run, machine, done} = watch(obeys, {'timeout-seconds': timeout})
    await vi.advanceTimersByTimeAsync(timeout * 1000 - 1)
    expect(machine.requests).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(machine.requests).toEqual(['powerDown'])
    expect(run.stop.cause).toBe('timed-out')
    expect(await done()).toMatch(/^Guest: shut down when asked to after /u)
  },
)

test.each([
  ['a minute before the deadline of a longer run', 600, 540_000],
  ['a second after the start of a run of 61', 61, 1000],
])('the deadline is announced %s', async (_, timeout, at) => {
  const {events, done} = watch(obeys, {'timeout-seconds': timeout})
  await vi.advanceTimersByTimeAsync(at - 1)
  expect(ofType(events, 'deadline-near')).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(ofType(events, 'deadline-near')).toEqual([{type: 'deadline-near', remainingSeconds: 60}])
  await done()
  expect(ofType(events, 'deadline-near')).toHaveLength(1)
})

test('a run of a minute or less is told nothing of its deadline', async () => {
  const {events, done} = watch(obeys, {'timeout-seconds': 60})
  await done()
  expect(ofType(events, 'deadline-near')).toEqual([])
})

test.each<[string, Script, string, readonly string[]]>([
  ['obeys', obeys, 'Guest: shut down when asked to after 10m', ['powerdown']],
  ['has to be ended', ignoresPowerButton, 'Guest: was ended after 10m 7s', ['powerdown', 'quit']],
  ['has to be killed', ignoresEverything, 'Guest: was ended after 10m 12s', ['powerdown', 'quit', 'kill']],
  [
    'crashes while it shuts down',
    {powerDown: () => ({how: 'crashed', what: 'panicked'})},
    'Guest: panicked while it was shut down after 10m',
    ['powerdown'],
  ],
])('when its time is up: a guest that %s', async (_, script, title, rungs) => {
  const {events, done} = watch(script, {'grace-seconds': 7})
  expect(await done()).toBe(title)
  expect(ofType(events, 'shutting-down')).toEqual(
    rungs.map(rung => ({type: 'shutting-down', cause: 'timed-out', rung, graceSeconds: 7})),
  )
})

test.each(['interrupted', 'terminated'] as const)(
  'a run that is %s asks the guest to shut down',
  async cause => {
    const {run, events, done} = watch(obeys)
    await vi.advanceTimersByTimeAsync(1000)
    run.stop.request(cause)
    expect(await done()).toBe('Guest: shut down when asked to after 1s')
    expect(ofType(events, 'shutting-down').map(event => event.cause)).toEqual([cause])
  },
)

test('a second request skips to the end', async () => {
  const {run, machine, done} = watch(ignoresEverything)
  run.stop.request('interrupted')
  await vi.advanceTimersByTimeAsync(1000)
  run.stop.request('interrupted')
  expect(await done()).toBe('Guest: was ended after 1s')
  expect(machine.requests).toEqual(['powerDown', 'kill'])
})

test('a failure while the guest is shut down is told', async () => {
  const {run, machine, done} = watch(ignoresEverything)
  run.stop.request('terminated')
  machine.end({how: 'failed', error: new HostError('lost')})
  await expect(done()).rejects.toThrow('lost')
})

test('setting the wall clock changes nothing', async () => {
  const {machine, done} = watch(obeys)
  vi.setSystemTime(Date.now() + 86_400_000)
  await vi.advanceTimersByTimeAsync(599_999)
  expect(machine.requests).toEqual([])
  await done()
  expect(machine.requests).toEqual(['powerDown'])
})

test('without a machine there is nothing to watch', async () => {
  const {run} = sampleRun()
  await expect(timeoutWatchStep.run(run, () => undefined)).rejects.toThrow(HostError)
})

test.each([
  [600, 60, 'Guest: runs for up to 10m, then has 1m to shut down after its power button is pressed'],
  [1, 0, 'Guest: runs for up to 1s, then has 0s to shut down after its power button is pressed'],
])('its plan tells of the timeout and the grace period: %d and %d seconds', async (timeout, grace, title) => {
  const {run} = sampleRun({instance: {'timeout-seconds': timeout, 'grace-seconds': grace}})
  expect(await timeoutWatchStep.plan(run, '/by/hand')).toEqual({title, commands: []})
})

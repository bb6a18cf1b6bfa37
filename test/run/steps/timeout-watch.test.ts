import {beforeEach, expect, test, vi} from 'vitest'
import type {MachineEnd} from '../../../src/contract/machine.js'
import {GuestError, HostError} from '../../../src/errors/errors.js'
import {timeoutWatchStep} from '../../../src/run/steps/timeout-watch.js'
import {ofType, sampleRun} from '../sample-run.js'
import {ignoresEverything, ignoresPowerButton, obeys, type Script} from '../scripted-machine.js'
import {powerdown, type Rungs, watch} from './watched.js'

vi.mock('node:timers/promises', () => import('../fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})

const day = 86_400_000

test('it is told that the guest runs, and a guest that shuts itself down is done', async () => {
  const {run, events, machine, done} = watch(obeys, {'ssh-port': 2222})
  expect(events).toEqual([
    {type: 'machine-running', pid: 4242, accelerator: 'tcg', timeoutSeconds: 600, sshPort: 2222},
  ])
  await vi.advanceTimersByTimeAsync(65_000)
  machine.end({how: 'powered-off'})
  expect(await done()).toBe('Guest: shut itself down after 1m 5s')
  expect(run.stop.cause).toBeUndefined()
  expect(events).toHaveLength(1)
})

const lost = new HostError('QEMU was killed by SIGKILL')

test.each<[string, MachineEnd, Error]>([
  ['a guest that crashes', {how: 'crashed', what: 'panicked'}, new GuestError('the guest panicked')],
  ['a machine that failed', {how: 'failed', error: lost}, lost],
])('%s is an error', async (_, end, error) => {
  const {machine, done} = watch(obeys)
  machine.end(end)
  await expect(done()).rejects.toThrow(error)
})

test('a failure while the guest is shut down is told', async () => {
  const {run, machine, done} = watch(ignoresEverything)
  run.stop.request('terminated')
  machine.end({how: 'failed', error: lost})
  await expect(done()).rejects.toBe(lost)
})

test.each([1, 59, 60, 61, 600, 2 ** 31])(
  'after a timeout of %d seconds, and not before, the guest is asked to shut down, whatever the wall clock says',
  async timeout => {
    const {run, machine, done} = watch(obeys, {'timeout-seconds': timeout})
    vi.setSystemTime(Date.now() + day)
    await vi.advanceTimersByTimeAsync(timeout * 1000 - 1)
    expect(machine.requests).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(machine.requests).toEqual(['powerDown'])
    expect(run.stop.cause).toBe('timed-out')
    expect(await done()).toMatch(/^Guest: shut down when asked to after /u)
  },
)

test.each([
  ['a minute before the deadline of a longer run', 600, [[60, 540]]],
  ['a second after the start of a run of 61', 61, [[60, 1]]],
  ['never in a run of a minute', 60, []],
])('the deadline is announced %s', async (_, timeout, expected) => {
  const {announced, done} = watch(obeys, {'timeout-seconds': timeout})
  await done()
  expect(announced).toEqual(expected)
})

test.each<[string, Script, number, readonly [title: string, rungs: Rungs]]>([
  ['that obeys is asked and no more', obeys, 60, ['shut down when asked to after 10m', powerdown]],
  [
    'that ignores its power button is ended when the grace period is over',
    ignoresPowerButton,
    60,
    ['was ended after 11m', [...powerdown, ['quit', 60]]],
  ],
  [
    'that cannot be ended is killed five seconds later',
    ignoresEverything,
    7,
    ['was ended after 10m 12s', [...powerdown, ['quit', 7], ['kill', 12]]],
  ],
  [
    'with a grace period shorter than the time between two presses gets no more than that',
    ignoresPowerButton,
    2,
    ['was ended after 10m 2s', [...powerdown, ['quit', 2]]],
  ],
  [
    'without a grace period is ended at once, and not asked',
    ignoresPowerButton,
    0,
    ['was ended after 10m', [['quit', 0]]],
  ],
  [
    'that crashes while it shuts down is told of',
    {powerDown: () => ({how: 'crashed', what: 'panicked'})},
    60,
    ['panicked while it was shut down after 10m', powerdown],
  ],
])('when its time is up: a guest %s', async (_, script, grace, [title, rungs]) => {
  const {events, rungsAt, done} = watch(script, {'grace-seconds': grace})
  expect(await done()).toBe(`Guest: ${title}`)
  expect(rungsAt(600)).toEqual(rungs)
  for (const event of ofType(events, 'shutting-down')) {
    expect(event).toMatchObject({cause: 'timed-out', graceSeconds: grace})
  }
})

test('the power button is pressed every five seconds, for a guest that had no driver for it yet', async () => {
  const {run, machine, rungsAt, done} = watch({
    powerDown: count => (count === 3 ? {how: 'powered-off'} : undefined),
  })
  run.stop.request('interrupted')
  await vi.advanceTimersByTimeAsync(9999)
  expect(machine.requests).toEqual(['powerDown', 'powerDown'])
  await done()
  expect(machine.requests).toEqual(['powerDown', 'powerDown', 'powerDown'])
  expect(rungsAt(0)).toEqual(powerdown)
})

test('the power button is not pressed once more when the grace period is over', async () => {
  const {machine, done} = watch(ignoresPowerButton, {'grace-seconds': 10})
  await done()
  expect(machine.requests).toEqual(['powerDown', 'powerDown', 'quit'])
})

test.each<[string, number, MachineEnd, Rungs]>([
  ['ends by itself in the grace period', 12_000, {how: 'crashed', what: 'panicked'}, powerdown],
  ['has ended already', 0, {how: 'powered-off'}, []],
])('a machine that %s is left alone', async (_, after, end, rungs) => {
  const {run, machine, rungsAt, done} = watch(ignoresEverything)
  if (after === 0) {
    machine.end(end)
  }

  run.stop.request('terminated')
  await vi.advanceTimersByTimeAsync(after)
  machine.end(end)
  await done()
  expect(rungsAt(0)).toEqual(rungs)
})

test.each<[string, number, number, Rungs]>([
  ['in the grace period', 60, 12, [...powerdown, ['kill', 12]]],
  ['while the machine is told to end', 1, 3, [...powerdown, ['quit', 1], ['kill', 3]]],
  ['at the same time', 60, 0, [['kill', 0]]],
])('a second request %s skips to the end', async (_, grace, second, rungs) => {
  const {run, machine, rungsAt, done} = watch(ignoresEverything, {'grace-seconds': grace})
  run.stop.request('interrupted')
  if (second > 0) {
    await vi.advanceTimersByTimeAsync(second * 1000)
  }

  run.stop.request('interrupted')
  await done()
  expect(rungsAt(0)).toEqual(rungs)
  expect(machine.requests.at(-1)).toBe('kill')
})

test('a connection that is lost on the way does not stop it', async () => {
  const {run, machine, rungsAt, done} = watch(ignoresEverything, {'grace-seconds': 1})
  const closed = () => Promise.reject(new Error('closed'))
  machine.powerDown = closed
  machine.quit = closed
  run.stop.request('terminated')
  await done()
  expect(rungsAt(0).map(([rung]) => rung)).toEqual(['powerdown', 'quit', 'kill'])
})

test('setting the wall clock forward shortens no grace period', async () => {
  const {run, rungsAt, done} = watch(ignoresPowerButton)
  run.stop.request('terminated')
  await vi.advanceTimersByTimeAsync(1)
  vi.setSystemTime(Date.now() + day)
  await done()
  expect(rungsAt(0)).toEqual([...powerdown, ['quit', 60]])
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

import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import type {Rung} from '../../src/contract/events.js'
import {shutDown} from '../../src/run/steps/timeout-watch.js'
import {
  ignoresEverything,
  ignoresPowerButton,
  obeys,
  type Script,
  ScriptedMachine,
} from './scripted-machine.js'

vi.mock('node:timers/promises', () => import('./fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Takes a machine down; `rungs` with the second at which each was reached. */
function begin(script: Script, graceSeconds = 60) {
  const machine = new ScriptedMachine(script)
  const rungs: (readonly [Rung, number])[] = []
  const force = new AbortController()
  const startedAt = performance.now()
  const down = shutDown(machine, {
    graceSeconds,
    forceSignal: force.signal,
    onRung: rung => rungs.push([rung, (performance.now() - startedAt) / 1000]),
  })
  const end = async () => {
    await vi.runAllTimersAsync()
    await down
  }
  return {machine, rungs, force, end}
}

test.each<[string, Script, number, ReadonlyArray<readonly [Rung, number]>]>([
  ['that obeys its power button is asked and no more', obeys, 60, [['powerdown', 0]]],
  [
    'that ignores it is ended when the grace period is over',
    ignoresPowerButton,
    60,
    [
      ['powerdown', 0],
      ['quit', 60],
    ],
  ],
  [
    'that cannot be ended is killed five seconds later',
    ignoresEverything,
    60,
    [
      ['powerdown', 0],
      ['quit', 60],
      ['kill', 65],
    ],
  ],
  [
    'with a grace period shorter than the time between two presses gets no more than that',
    ignoresPowerButton,
    2,
    [
      ['powerdown', 0],
      ['quit', 2],
    ],
  ],
  ['without a grace period is ended at once, and not asked', ignoresPowerButton, 0, [['quit', 0]]],
])('a machine %s', async (_, script, grace, expected) => {
  const {rungs, end} = begin(script, grace)
  await end()
  expect(rungs).toEqual(expected)
})

test('each rung asks the machine what it says', async () => {
  const {machine, end} = begin(ignoresEverything, 1)
  await end()
  expect(machine.requests).toEqual(['powerDown', 'quit', 'kill'])
})

test('the power button is pressed every five seconds, for a guest that had no driver for it yet', async () => {
  const {machine, rungs, end} = begin({powerDown: count => (count === 3 ? {how: 'powered-off'} : undefined)})
  await vi.advanceTimersByTimeAsync(9999)
  expect(machine.requests).toEqual(['powerDown', 'powerDown'])
  await end()
  expect(machine.requests).toEqual(['powerDown', 'powerDown', 'powerDown'])
  expect(rungs).toEqual([['powerdown', 0]])
})

test('the power button is not pressed once more when the grace period is over', async () => {
  const {machine, end} = begin(ignoresPowerButton, 10)
  await end()
  expect(machine.requests).toEqual(['powerDown', 'powerDown', 'quit'])
})

test('a machine that ends by itself in the grace period is left alone', async () => {
  const {machine, rungs, end} = begin(ignoresEverything)
  await vi.advanceTimersByTimeAsync(12_000)
  machine.end({how: 'crashed', what: 'panicked'})
  await end()
  expect(rungs).toEqual([['powerdown', 0]])
})

test('a machine that has ended already is left alone', async () => {
  const machine = new ScriptedMachine()
  machine.end({how: 'powered-off'})
  const rungs: Rung[] = []
  await shutDown(machine, {
    graceSeconds: 60,
    forceSignal: new AbortController().signal,
    onRung: rung => rungs.push(rung),
  })
  expect(rungs).toEqual([])
})

test('a force in the grace period skips to the end', async () => {
  const {rungs, force, end} = begin(ignoresEverything)
  await vi.advanceTimersByTimeAsync(12_000)
  force.abort()
  await end()
  expect(rungs).toEqual([
    ['powerdown', 0],
    ['kill', 12],
  ])
})

test('a force while the machine is told to end skips to the end', async () => {
  const {rungs, force, end} = begin(ignoresEverything, 1)
  await vi.advanceTimersByTimeAsync(3000)
  force.abort()
  await end()
  expect(rungs).toEqual([
    ['powerdown', 0],
    ['quit', 1],
    ['kill', 3],
  ])
})

test('a force that came before it all leaves only the end', async () => {
  const machine = new ScriptedMachine()
  const rungs: Rung[] = []
  await shutDown(machine, {
    graceSeconds: 60,
    forceSignal: AbortSignal.abort(),
    onRung: rung => rungs.push(rung),
  })
  expect(rungs).toEqual(['kill'])
})

test('a connection that is lost on the way does not stop it', async () => {
  const {machine, rungs, end} = begin(ignoresEverything, 1)
  const lost = () => Promise.reject(new Error('closed'))
  machine.powerDown = lost
  machine.quit = lost
  await end()
  expect(rungs.map(([rung]) => rung)).toEqual(['powerdown', 'quit', 'kill'])
})

test('setting the wall clock forward shortens no grace period', async () => {
  const {rungs, end} = begin(ignoresPowerButton)
  vi.setSystemTime(Date.now() + 86_400_000)
  await end()
  expect(rungs).toEqual([
    ['powerdown', 0],
    ['quit', 60],
  ])
})

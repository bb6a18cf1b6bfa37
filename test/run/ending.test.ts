import {beforeEach, expect, test, vi} from 'vitest'
import type {Run} from '../../src/contract/run.js'
import type {Ending, Step} from '../../src/contract/step.js'
import {aborted, begin, never, ofType, type SampleRun, wait} from './sample-run.js'
import {alwaysStep, fails, step} from './sample-step.js'

vi.mock('node:timers/promises', () => import('./fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})
const completed = {name: 'completed', exitCode: 0}

type Ended = (run: Run, ending: Ending) => Promise<void>

function listener(name: string, ended: Ended): Step {
  return {...step(name), ended}
}

/** The notices, and that there is a verdict, in their order. */
function told({events}: SampleRun): readonly string[] {
  return events.flatMap(event => {
    const text = event.type === 'notice' ? event.text : event.type
    return ['notice', 'verdict'].includes(event.type) ? [text] : []
  })
}

test('a step is told the verdict that is told to everybody else, and how long the run took', async () => {
  const endings: Ending[] = []
  const {run, events, verdict, isOverIn} = begin(
    step('one', () => wait(2500)),
    listener('two', async (given, ending) => {
      expect(given).toBe(run)
      endings.push(ending)
    }),
  )
  expect(await isOverIn(2500)).toBe(true)
  expect(endings).toEqual([{verdict: await verdict, seconds: 2.5, signal: expect.any(AbortSignal)}])
  expect(ofType(events, 'verdict')).toEqual([{type: 'verdict', verdict: await verdict, seconds: 2.5}])
})

test('every step is told, whether it was done, failed or was skipped', async () => {
  const heard: string[] = []
  const tell = (given: Step): Step => ({
    ...given,
    ended: async (_, ending) => {
      heard.push(`${given.name}: ${ending.verdict.name}`)
    },
  })
  await begin(...[step('done'), step('failed', fails()), step('skipped'), alwaysStep('always')].map(tell))
    .verdict
  expect(heard).toEqual(['done', 'failed', 'skipped', 'always'].map(name => `${name}: infra-failed`))
})

test('when steps are told, all is undone, the verdict is not out yet, and what they make is undone at once', async () => {
  const undone: string[] = []
  const make = (what: string) => (run: Run) =>
    run.defer(what, () => {
      undone.push(what)
    })
  const begun = begin(
    step('one', make('a thing')),
    listener('two', async run => {
      run.emit({type: 'notice', text: `told when ${undone} is gone`})
      make('another')(run)
    }),
  )
  await begun.verdict
  expect(told(begun)).toEqual(['told when a thing is gone', 'verdict'])
  expect(undone).toEqual(['a thing', 'another'])
})

test('all steps are told at the same time, and the verdict comes when the last has done', async () => {
  const names: string[] = []
  const takes = (name: string, milliseconds: number): Step =>
    listener(name, async () => {
      names.push(name)
      await wait(milliseconds)
    })
  const begun = begin(takes('one', 20_000), takes('two', 29_999), takes('three', 1000))
  expect(await begun.isOverIn(29_998)).toBe(false)
  expect(names).toEqual(['one', 'two', 'three'])
  expect(told(begun)).toEqual([])
  expect(await begun.isOverIn(1)).toBe(true)
  expect(told(begun)).toEqual(['verdict'])
})

test.each<[string, Ended]>([
  ['throws', fails(new Error('no connection'))],
  ['rejects', () => Promise.reject(new Error('no connection'))],
])('that one %s is a notice, and changes nothing about the verdict', async (_, ended) => {
  const begun = begin(
    listener('one', ended),
    listener('two', async run => run.emit({type: 'notice', text: 'the other is told'})),
  )
  expect(await begun.verdict).toEqual(completed)
  expect(told(begun).toSorted()).toEqual(['no connection', 'the other is told', 'verdict'])
})

test('after 30 seconds the signal is aborted: who heeds it within a second is waited for, a notice names each other', async () => {
  const begun = begin(
    listener('one', () => never),
    listener('two', async (_, {signal}) => {
      await aborted(signal)
      await wait(998)
      throw new Error('gave up')
    }),
    listener('three', () => never),
  )
  expect(await begun.isOverIn(30_999)).toBe(false)
  expect(await begun.isOverIn(1)).toBe(true)
  expect(told(begun)).toEqual([
    'gave up',
    'The step one was not waited for any longer',
    'The step three was not waited for any longer',
    'verdict',
  ])
  expect(await begun.verdict).toEqual(completed)
})

test('whoever asks the run to stop meanwhile ends the wait, and changes nothing about the verdict', async () => {
  const begun = begin(
    listener('one', async (_, {signal}) => {
      await aborted(signal)
      throw new Error('gave up')
    }),
    listener('two', () => never),
  )
  expect(await begun.isOverIn(1)).toBe(false)
  begun.run.stop.request('interrupted')
  expect(await begun.isOverIn(999)).toBe(false)
  expect(await begun.isOverIn(1)).toBe(true)
  expect(told(begun)).toEqual(['gave up', 'The step two was not waited for any longer', 'verdict'])
  expect(await begun.verdict).toEqual(completed)
})

test('what was asked before does not: it takes one more request', async () => {
  const {run, isOverIn, verdict} = begin(
    step('one', given => {
      given.stop.request('interrupted')
      given.stop.request('interrupted')
    }),
    listener('two', async (_, {signal}) => await aborted(signal)),
  )
  expect(await isOverIn(29_999)).toBe(false)
  run.stop.request('interrupted')
  expect(await isOverIn(0)).toBe(true)
  expect((await verdict).name).toBe('interrupted')
})

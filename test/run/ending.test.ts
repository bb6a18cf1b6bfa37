import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import type {RunEvent} from '../../src/contract/events.js'
import type {Run} from '../../src/contract/run.js'
import type {Ending, Step} from '../../src/contract/step.js'
import {exitCodes} from '../../src/contract/verdict.js'
import {HostError} from '../../src/errors/errors.js'
import {verdictOf} from '../../src/run/ending.js'
import {begin, ofType, type SampleRun} from './sample-run.js'
import {alwaysStep, fails, step} from './sample-step.js'

vi.mock('node:timers/promises', () => import('./fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = new Promise<never>(() => undefined)
const completed = {name: 'completed', exitCode: 0}

type Ended = (run: Run, ending: Ending) => Promise<void>

function listener(name: string, ended: Ended): Step {
  return {...step(name), ended}
}

/** The notices, and that there is a verdict, in their order. */
function told({events}: SampleRun): readonly string[] {
  return events.flatMap(noticeOrVerdict)
}

function noticeOrVerdict(event: RunEvent): readonly string[] {
  if (event.type === 'notice') {
    return [event.text]
  }

  return event.type === 'verdict' ? ['verdict'] : []
}

test('a step is told the verdict that is told to everybody else, and how long the run took', async () => {
  const endings: Ending[] = []
  const {run, events, verdict, isOverIn} = begin(
    step('one', () => new Promise(resolve => setTimeout(resolve, 2500))),
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
  const tell = (name: string, given: Step): Step => ({
    ...given,
    ended: async (_, ending) => {
      heard.push(`${name}: ${ending.verdict.name}`)
    },
  })
  const {verdict} = begin(
    tell('done', step('one')),
    tell('failed', step('two', fails())),
    tell('skipped', step('three')),
    tell('always', alwaysStep('four')),
  )
  await verdict
  expect(heard).toEqual(['done', 'failed', 'skipped', 'always'].map(name => `${name}: infra-failed`))
})

test('when steps are told, nothing is left to be undone, and the verdict is not out yet', async () => {
  const undone: string[] = []
  const begun = begin(
    step('one', run =>
      run.defer('a thing', () => {
        undone.push('a thing')
      }),
    ),
    listener('two', async run => {
      run.emit({type: 'notice', text: `told when ${undone} is gone`})
    }),
  )
  await begun.verdict
  expect(told(begun)).toEqual(['told when a thing is gone', 'verdict'])
})

test('what a step makes when it is told is undone at once', async () => {
  const undone: string[] = []
  const {verdict} = begin(
    listener('one', async run =>
      run.defer('a thing', () => {
        undone.push('a thing')
      }),
    ),
  )
  await verdict
  expect(undone).toEqual(['a thing'])
})

test('all steps are told at the same time, and the verdict comes when the last has done', async () => {
  const names: string[] = []
  const takes = (name: string, milliseconds: number): Step =>
    listener(name, async () => {
      names.push(name)
      await new Promise(resolve => setTimeout(resolve, milliseconds))
    })
  const begun = begin(takes('one', 20_000), takes('two', 29_999), takes('three', 1000))
  expect(await begun.isOverIn(29_998)).toBe(false)
  expect(names).toEqual(['one', 'two', 'three'])
  expect(told(begun)).toEqual([])
  expect(await begun.isOverIn(1)).toBe(true)
  expect(told(begun)).toEqual(['verdict'])
})

test.each<[string, Ended]>([
  [
    'throws',
    () => {
      throw new Error('no connection')
    },
  ],
  ['rejects', () => Promise.reject(new Error('no connection'))],
])(
  'that one %s is a notice, which keeps no other from being told and changes nothing about the verdict',
  async (_, ended) => {
    const others: string[] = []
    const begun = begin(
      listener('one', ended),
      listener('two', async () => {
        others.push('two')
      }),
    )
    expect(await begun.verdict).toEqual(completed)
    expect(told(begun)).toEqual(['no connection', 'verdict'])
    expect(others).toEqual(['two'])
  },
)

test('after 30 seconds the signal is aborted, and who heeds it within a second is waited for', async () => {
  const begun = begin(
    listener('one', async (_, {signal}) => {
      await aborted(signal)
      await new Promise(resolve => setTimeout(resolve, 999))
      throw new Error('gave up')
    }),
  )
  expect(await begun.isOverIn(30_998)).toBe(false)
  expect(await begun.isOverIn(1)).toBe(true)
  expect(told(begun)).toEqual(['gave up', 'verdict'])
  expect(await begun.verdict).toEqual(completed)
})

test('who does not heed it is not waited for: a notice names each', async () => {
  const begun = begin(
    listener('one', () => never),
    listener('two', async () => undefined),
    listener('three', () => never),
  )
  expect(await begun.isOverIn(30_999)).toBe(false)
  expect(await begun.isOverIn(1)).toBe(true)
  expect(told(begun)).toEqual([
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

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise(resolve => signal.addEventListener('abort', resolve))
}

test('the verdicts are a closed list with stable exit codes', () => {
  expect(exitCodes).toEqual({
    completed: 0,
    'infra-failed': 1,
    'guest-failed': 3,
    'timed-out': 124,
    interrupted: 130,
    terminated: 143,
  })
})

test.each([
  [new TypeError('a bug'), 'a bug'],
  ['a text', 'a text'],
])('anything else that was thrown, such as %s, is the host’s failure', (thrown, message) => {
  const {error} = verdictOf(undefined, thrown)
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({message, cause: thrown})
})

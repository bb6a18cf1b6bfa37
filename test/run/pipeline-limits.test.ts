import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {Step} from '../../src/contract/step.js'
import {aborted, begin, never, ofType, type SampleRun, wait} from './sample-run.js'
import {alwaysStep, fails, step} from './sample-step.js'

vi.mock('node:timers/promises', () => import('./fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})
const hangs = step('hangs', () => never)
const hangsAlways = alwaysStep('hangs', () => never)
const day = 86_400_000
const hung = 'the step hangs hangs: it was not ready after 30s'

/** Why steps failed. */
function messagesOf({events}: SampleRun): readonly string[] {
  return ofType(events, 'step-failed').map(({message}) => message)
}

test.each([
  ['a step', hangs],
  ['a step that always runs', hangsAlways],
])(
  '%s is given up when start-seconds have passed, and keeps nothing from being undone',
  async (_, hanging) => {
    const undone: string[] = []
    const made = step('makes', run => {
      run.defer('a thing', () => {
        undone.push('a thing')
      })
    })
    const begun = begin(made, hanging, alwaysStep('after'))
    expect(await begun.isOverIn(29_999)).toBe(false)
    expect(await begun.isOverIn(1)).toBe(true)
    expect(undone).toEqual(['a thing'])
    expect(messagesOf(begun)).toEqual([hung])
    expect(await begun.verdict).toMatchObject({
      name: 'infra-failed',
      error: {name: 'HostError', hint: expect.stringContaining('start-seconds')},
    })
  },
)

test.each([false, true])(
  'one without a limit takes as long as it needs until half a minute after the run is to end at once: always %s',
  async always => {
    const begun = begin({...step('hangs', () => never, always), unlimited: true})
    expect(await begun.isOverIn(day)).toBe(false)
    begun.run.stop.request('interrupted')
    expect(await begun.isOverIn(day)).toBe(false)
    begun.run.stop.request('interrupted')
    expect(await begun.isOverIn(29_999)).toBe(false)
    expect(await begun.isOverIn(1)).toBe(true)
    expect(messagesOf(begun)).toEqual(['the step hangs did not end when the run was to end at once'])
  },
)

describe('when the run is asked to stop', () => {
  test('a step that heeds that is waited for', async () => {
    const heeds = step('heeds', async ({stop}) => {
      await aborted(stop.signal)
      await wait(999)
    })
    const {run, events, isOverIn} = begin(heeds)
    run.stop.request('interrupted')
    expect(await isOverIn(999)).toBe(true)
    expect(ofType(events, 'step-done')).toHaveLength(1)
  })

  test('a step that does not is given up a second later, and did not fail', async () => {
    const {run, events, verdict, isOverIn} = begin(hangs)
    run.stop.request('terminated')
    expect(await isOverIn(999)).toBe(false)
    expect(await isOverIn(1)).toBe(true)
    expect(ofType(events, 'step-skipped')).toHaveLength(1)
    expect(await verdict).toEqual({name: 'terminated', exitCode: 143})
  })

  test.each([
    ['has its start-seconds all the same', 1, 30_000, hung],
    [
      'is given up a second after it was asked once more',
      2,
      1000,
      'the step hangs did not end when the run was to stop',
    ],
  ])('a step that always runs %s', async (_, requests, limit, message) => {
    const begun = begin(hangsAlways)
    for (let request = 0; request < requests; request++) {
      begun.run.stop.request('interrupted')
    }

    expect(await begun.isOverIn(limit - 1)).toBe(false)
    expect(await begun.isOverIn(1)).toBe(true)
    expect(messagesOf(begun)).toEqual([message])
  })
})

describe('what a step does that was given up', () => {
  test.each<[string, (progress: (text: string) => void) => void]>([
    ['is told no more', progress => progress('still busy')],
    ['is no failure when it throws', fails(new Error('too late'))],
  ])('%s', async (_, act) => {
    const late: Step = {
      ...step('late'),
      run: async (_run, progress) => {
        await wait(31_000)
        act(progress)
        return 'late: done'
      },
    }
    // What follows takes a while: the step is late in a run that still goes on.
    const begun = begin(
      late,
      alwaysStep('after', () => wait(10_000)),
    )
    expect(await begun.isOverIn(60_000)).toBe(true)
    expect(begun.events.map(({type}) => type)).toEqual([
      'run-started',
      'step-started',
      'step-failed',
      'step-started',
      'step-done',
      'verdict',
    ])
    expect(messagesOf(begun)).toEqual(['the step late hangs: it was not ready after 30s'])
  })

  test('is undone, also when the run is over', async () => {
    const undone: string[] = []
    const late = step('late', async run => {
      await wait(60_000)
      run.defer('a thing', () => {
        undone.push('a thing')
      })
    })
    const {isOverIn} = begin(late)
    expect(await isOverIn(30_000)).toBe(true)
    expect(undone).toEqual([])
    await vi.runAllTimersAsync()
    expect(undone).toEqual(['a thing'])
  })
})

import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import type {Run} from '../../src/contract/run.js'
import type {Step} from '../../src/contract/step.js'
import {type BegunRun, begin, ofType, type SampleRun} from './sample-run.js'
import {alwaysStep, step} from './sample-step.js'

vi.mock('node:timers/promises', () => import('./fakeable-timers.js'))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = new Promise<never>(() => undefined)
const hangs = step('hangs', () => never)
const hangsAlways = alwaysStep('hangs', () => never)
const day = 86_400_000

/** Why steps failed. */
function messagesOf({events}: SampleRun): readonly string[] {
  return ofType(events, 'step-failed').map(({message}) => message)
}

describe.each([
  ['a step', hangs],
  ['a step that always runs', hangsAlways],
])('%s', (_, hanging) => {
  test('is given up when start-seconds have passed', async () => {
    const begun = begin(hanging)
    expect(await begun.isOverIn(29_999)).toBe(false)
    expect(await begun.isOverIn(1)).toBe(true)
    expect(messagesOf(begun)).toEqual(['the step hangs hangs: it was not ready after 30s'])
    expect(await begun.verdict).toMatchObject({
      name: 'infra-failed',
      error: {name: 'HostError', hint: expect.stringContaining('start-seconds')},
    })
  })

  test('that is given up keeps nothing from being undone', async () => {
    const undone: string[] = []
    const made = step('makes', run => {
      run.defer('a thing', () => {
        undone.push('a thing')
      })
    })
    const {isOverIn} = begin(made, hanging, alwaysStep('after'))
    expect(await isOverIn(30_000)).toBe(true)
    expect(undone).toEqual(['a thing'])
  })

  test('may be unlimited: then it takes as long as it needs, unless the run is to end at once', async () => {
    let finish: () => void = () => undefined
    const finished = new Promise<void>(resolve => {
      finish = resolve
    })
    const unlimited = {...step('watches', () => finished, hanging.always), unlimited: true}
    const {run, verdict, isOverIn} = begin(unlimited)
    expect(await isOverIn(day)).toBe(false)
    run.stop.request('interrupted')
    expect(await isOverIn(day)).toBe(false)
    run.stop.request('interrupted')
    expect(await isOverIn(29_000)).toBe(false)
    finish()
    await verdict
  })
})

describe('when the run is asked to stop', () => {
  test('a step that heeds that is waited for', async () => {
    const heeds = step('heeds', async ({stop}) => {
      await aborted(stop.signal)
      await new Promise(resolve => setTimeout(resolve, 999))
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

  test('a step that always runs has its start-seconds all the same', async () => {
    const begun = begin(hangsAlways)
    begun.run.stop.request('interrupted')
    expect(await begun.isOverIn(29_999)).toBe(false)
    expect(await begun.isOverIn(1)).toBe(true)
    expect(messagesOf(begun)).toEqual(['the step hangs hangs: it was not ready after 30s'])
  })

  test('and asked once more, a step that always runs is given up a second later', async () => {
    const begun = begin(hangsAlways)
    begun.run.stop.request('interrupted')
    begun.run.stop.request('interrupted')
    expect(await begun.isOverIn(999)).toBe(false)
    expect(await begun.isOverIn(1)).toBe(true)
    expect(messagesOf(begun)).toEqual(['the step hangs did not end when the run was to stop'])
  })
})

describe('what a step does that was given up', () => {
  /** A run whose step goes on when the run is over. */
  async function beginLate(act: (run: Run, progress: (text: string) => void) => void): Promise<BegunRun> {
    const late: Step = {
      ...step('late'),
      run: async (run, progress) => {
        await new Promise(resolve => setTimeout(resolve, 31_000))
        act(run, progress)
        return 'late: done'
      },
    }
    // What follows takes a while: the step is late in a run that still goes on.
    const following = alwaysStep('after', () => new Promise(resolve => setTimeout(resolve, 10_000)))
    const begun = begin(late, following)
    expect(await begun.isOverIn(60_000)).toBe(true)
    return begun
  }

  test('is told no more', async () => {
    const {events} = await beginLate((_, progress) => progress('still busy'))
    expect(events.map(({type}) => type)).toEqual([
      'run-started',
      'step-started',
      'step-failed',
      'step-started',
      'step-done',
      'verdict',
    ])
  })

  test('is no failure when it throws', async () => {
    const begun = await beginLate(() => {
      throw new Error('too late')
    })
    expect(messagesOf(begun)).toEqual(['the step late hangs: it was not ready after 30s'])
    expect((await begun.verdict).name).toBe('infra-failed')
  })

  test('is undone, also when the run is over', async () => {
    const undone: string[] = []
    const late = step('late', async run => {
      await new Promise(resolve => setTimeout(resolve, 60_000))
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

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise(resolve => signal.addEventListener('abort', resolve))
}

test('one without a limit is given up half a minute after the run is to end at once', async () => {
  const begun = begin({...hangs, unlimited: true})
  begun.run.stop.request('interrupted')
  expect(await begun.isOverIn(day)).toBe(false)
  begun.run.stop.request('interrupted')
  expect(await begun.isOverIn(29_000)).toBe(false)
  expect(await begun.isOverIn(1000)).toBe(true)
  expect(messagesOf(begun)).toEqual(['the step hangs did not end when the run was to end at once'])
})

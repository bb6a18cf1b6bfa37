import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import type {Run} from '../../src/contract/run.js'
import type {Step} from '../../src/contract/step.js'
import type {Verdict} from '../../src/contract/verdict.js'
import {guardedStep} from '../../src/plugins/guard.js'
import {runPipeline} from '../../src/run/pipeline.js'
import {ofType, type SampleRun, sampleRun} from './sample-run.js'
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

interface Begun extends SampleRun {
  readonly verdict: Promise<Verdict>
  /** Whether the run is over when so many milliseconds more have passed. */
  readonly isOverIn: (milliseconds: number) => Promise<boolean>
  /** Why steps failed. */
  readonly messages: () => readonly string[]
}

/** A run that gives its steps 30 seconds. */
function begin(...steps: readonly Step[]): Begun {
  const sample = sampleRun({instance: {'start-seconds': 30}})
  let over = false
  const verdict = runPipeline(steps, sample.run).finally(() => {
    over = true
  })
  return {
    ...sample,
    verdict,
    isOverIn: async milliseconds => {
      await vi.advanceTimersByTimeAsync(milliseconds)
      return over
    },
    messages: () => ofType(sample.events, 'step-failed').map(({message}) => message),
  }
}

describe.each([
  ['a step', hangs],
  ['a step that always runs', hangsAlways],
])('%s', (_, hanging) => {
  test('is given up when start-seconds have passed', async () => {
    const {verdict, isOverIn, messages} = begin(hanging)
    expect(await isOverIn(29_999)).toBe(false)
    expect(await isOverIn(1)).toBe(true)
    expect(messages()).toEqual(['the step hangs hangs: it was not ready after 30s'])
    expect(await verdict).toMatchObject({
      name: 'infra-failed',
      error: {name: 'HostError', hint: expect.stringContaining('start-seconds')},
    })
  })

  test('is then named with its plugin, where it has one', async () => {
    const {isOverIn, messages} = begin(guardedStep('a', {...hanging, after: 'qemu'}))
    expect(await isOverIn(30_000)).toBe(true)
    expect(messages()).toEqual(['step "hangs" of a hangs: it was not ready after 30s'])
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
    const {run, isOverIn, messages} = begin(hangsAlways)
    run.stop.request('interrupted')
    expect(await isOverIn(29_999)).toBe(false)
    expect(await isOverIn(1)).toBe(true)
    expect(messages()).toEqual(['the step hangs hangs: it was not ready after 30s'])
  })

  test('and asked once more, a step that always runs is given up a second later', async () => {
    const {run, isOverIn, messages} = begin(hangsAlways)
    run.stop.request('interrupted')
    run.stop.request('interrupted')
    expect(await isOverIn(999)).toBe(false)
    expect(await isOverIn(1)).toBe(true)
    expect(messages()).toEqual(['the step hangs did not end when the run was to stop'])
  })

  test('twice before a step that always runs, that has a second', async () => {
    const {isOverIn, messages} = begin(
      step('one', run => {
        run.stop.request('interrupted')
        run.stop.request('interrupted')
      }),
      hangsAlways,
    )
    expect(await isOverIn(999)).toBe(false)
    expect(await isOverIn(1)).toBe(true)
    expect(messages()).toEqual(['the step hangs did not end when the run was to stop'])
  })
})

describe('what a step does that was given up', () => {
  /** A run whose step goes on when the run is over. */
  async function beginLate(act: (run: Run, progress: (text: string) => void) => void): Promise<Begun> {
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
    const {verdict, messages} = await beginLate(() => {
      throw new Error('too late')
    })
    expect(messages()).toEqual(['the step late hangs: it was not ready after 30s'])
    expect((await verdict).name).toBe('infra-failed')
  })

  test('is undone', async () => {
    const undone: string[] = []
    await beginLate(run =>
      run.defer('a thing', () => {
        undone.push('a thing')
      }),
    )
    expect(undone).toEqual(['a thing'])
  })

  test('is undone also when the run is over', async () => {
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
  const {run, isOverIn, messages} = begin({...hangs, unlimited: true})
  run.stop.request('interrupted')
  expect(await isOverIn(day)).toBe(false)
  run.stop.request('interrupted')
  expect(await isOverIn(29_000)).toBe(false)
  expect(await isOverIn(1000)).toBe(true)
  expect(messages()).toEqual(['the step hangs did not end when the run was to end at once'])
})

import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {exitCodes, type StopCause} from '../../src/contract/events.js'
import type {OwnRun} from '../../src/contract/run.js'
import type {Step} from '../../src/contract/step.js'
import {GuestError, HostError} from '../../src/errors/errors.js'
import {runPipeline} from '../../src/run/pipeline.js'
import {ofType, type SampleRun, sampleRun} from './sample-run.js'
import {alwaysStep, fails, step} from './sample-step.js'

/** The steps that ran, failed or were skipped, in order, as `step: what happened`. */
function storyOf({events}: SampleRun): readonly string[] {
  return events.flatMap(event => {
    const {what} = /^step-(?<what>started|done|failed|skipped)$/u.exec(event.type)?.groups ?? {}
    return what !== undefined && 'step' in event ? [`${event.step} ${what}`] : []
  })
}

test('a run tells what it is made of, what each of its steps does in turn, and how it ended', async () => {
  const {run, events} = sampleRun()
  const quiet: Step = {
    ...step('one'),
    quiet: true,
    run: async (_, progress) => {
      progress('thinking')
      await turn()
      return 'one: done'
    },
  }
  const verdict = await runPipeline([quiet, step('two')], run)
  expect(verdict).toEqual({name: 'completed', exitCode: 0})
  const [one, two] = ['one', 'two'].map(name => ({name, title: `about to ${name}`}))
  expect(events).toEqual([
    {type: 'run-started', run: run.id, instance: 'vm-1', steps: [one, two]},
    {type: 'step-started', step: 'one', title: 'about to one'},
    {type: 'step-progress', step: 'one', text: 'thinking'},
    {type: 'step-done', step: 'one', title: 'one: done', quiet: true},
    {type: 'step-started', step: 'two', title: 'about to two'},
    {type: 'step-done', step: 'two', title: 'two: done'},
    {type: 'verdict', verdict, seconds: expect.any(Number)},
  ])
})

test.each([
  ['after a failure', fails(), 'failed'],
  ['once the run is asked to stop', (run: OwnRun) => run.stop.request('interrupted'), 'done'],
])('%s the steps that follow are skipped, but for those that always run', async (_, act, what) => {
  const sample = sampleRun()
  await runPipeline([step('one', act), step('two'), alwaysStep('three'), step('four')], sample.run)
  const [, first, ...others] = storyOf(sample)
  expect(first).toBe(`one ${what}`)
  expect(others).toEqual(['two skipped', 'three started', 'three done', 'four skipped'])
})

test('a failure is told with its message, and whatever was thrown is the host’s', async () => {
  const {run, events} = sampleRun()
  const {error} = await runPipeline([step('one', fails('just a text'))], run)
  expect(ofType(events, 'step-failed')).toEqual([
    {type: 'step-failed', step: 'one', title: 'about to one', message: 'just a text'},
  ])
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({message: 'just a text', cause: 'just a text'})
})

test('a step that gives up because the run is to stop did not fail', async () => {
  const sample = sampleRun()
  const gives = step('one', run => {
    run.stop.request('terminated')
    run.stop.signal.throwIfAborted()
  })
  const verdict = await runPipeline([gives], sample.run)
  expect(storyOf(sample)).toEqual(['one started', 'one skipped'])
  expect(verdict).toEqual({name: 'terminated', exitCode: 143})
})

test('what else goes wrong once the run is to stop is told, beside why it stopped', async () => {
  const {run, events} = sampleRun()
  const error = new HostError('process 7 does not die')
  const throws = step('one', () => {
    run.stop.request('terminated')
    throw error
  })
  const verdict = await runPipeline([throws], run)
  expect(ofType(events, 'step-failed')).toMatchObject([{step: 'one', message: error.message}])
  expect(verdict).toEqual({name: 'terminated', exitCode: 143, error})
})

const panics = step('one', fails(new GuestError('the guest panicked')))
/** A step that asks the run to stop. */
const asks = (...causes: readonly StopCause[]): Step<OwnRun> =>
  step('one', ({stop}) => {
    for (const cause of causes) {
      stop.request(cause)
    }
  })
/** As vmrun's own does. */
const cleanup = alwaysStep('cleanup', run => run.unwind())
const cannotCleanUp = alwaysStep('cleanup', fails())
const askedMeanwhile = alwaysStep('cleanup', run => run.stop.request('interrupted'))

test.each([
  ['nothing went wrong', [step('one'), cleanup], 'completed'],
  ['a step failed', [step('one', fails()), cleanup], 'infra-failed'],
  ['the guest failed', [panics, cleanup], 'guest-failed'],
  ['the run was asked to stop', [asks('interrupted'), cleanup], 'interrupted'],
  ['it was asked twice', [asks('timed-out', 'interrupted'), cleanup], 'timed-out'],
  ['cleaning up failed', [step('one'), cannotCleanUp], 'infra-failed'],
  ['the run was asked to stop, and cleaning up failed', [asks('timed-out'), cannotCleanUp], 'timed-out'],
  ['a step failed, and cleaning up as well', [panics, cannotCleanUp], 'guest-failed'],
  ['a Ctrl-C came while it was cleaned up after success', [step('one'), askedMeanwhile], 'completed'],
  [
    'a Ctrl-C came while it was cleaned up after a failure',
    [step('one', fails()), askedMeanwhile],
    'infra-failed',
  ],
  [
    'a Ctrl-C came while the rest was undone at the end',
    [step('one', run => run.defer('a thing', () => run.stop.request('interrupted')))],
    'completed',
  ],
  ['a step that always runs came first', [alwaysStep('early'), asks('timed-out'), cleanup], 'timed-out'],
] as const)('when %s, the verdict is right', async (_, steps, expected) => {
  const {name, exitCode} = await runPipeline(steps, sampleRun().run)
  expect(name).toBe(expected)
  expect(exitCode).toBe(exitCodes[expected])
})

test('the error of the verdict is the first thing that went wrong', async () => {
  const first = new HostError('no image')
  const {error} = await runPipeline([step('one', fails(first)), cannotCleanUp], sampleRun().run)
  expect(error).toBe(first)
})

test('what no step undid is undone at the end, before the verdict', async () => {
  const {run, events} = sampleRun()
  let eventsBefore = 0
  const makes = step('one', () =>
    run.defer('a thing', () => {
      eventsBefore = events.length
    }),
  )
  await runPipeline([makes], run)
  expect(events.slice(eventsBefore).map(({type}) => type)).toEqual(['verdict'])
})

test('what cannot be undone at the end is told also after another failure', async () => {
  const {run, events} = sampleRun()
  const makes = step('one', () => {
    run.defer('a thing', fails())
    throw new HostError('no image')
  })
  await runPipeline([makes], run)
  expect(ofType(events, 'notice')).toEqual([{type: 'notice', text: 'could not remove a thing: no disk'}])
})

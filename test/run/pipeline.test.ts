import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
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

test('the steps run in their order, each after the one before it is done', async () => {
  const sample = sampleRun()
  const verdict = await runPipeline([step('one', () => turn()), step('two')], sample.run)
  expect(storyOf(sample)).toEqual(['one started', 'one done', 'two started', 'two done'])
  expect(ofType(sample.events, 'step-done')).toMatchObject([{step: 'one', title: 'one: done'}, {step: 'two'}])
  expect(verdict).toEqual({name: 'completed', exitCode: 0})
})

test('a run tells first what it is made of and last how it ended', async () => {
  const sample = sampleRun()
  await runPipeline([step('one')], sample.run)
  expect(sample.events.at(0)).toEqual({
    type: 'run-started',
    run: sample.run.id,
    instance: 'vm-1',
    steps: [{name: 'one', title: 'about to one'}],
  })
  expect(sample.events.at(-1)).toEqual({
    type: 'verdict',
    verdict: {name: 'completed', exitCode: 0},
    seconds: expect.any(Number),
  })
})

test('what a step is busy with is told under its name', async () => {
  const {run, events} = sampleRun()
  const busy: Step = {
    ...step('one'),
    run: async (_, progress) => {
      progress('thinking')
      return ''
    },
  }
  await runPipeline([busy], run)
  expect(ofType(events, 'step-progress')).toEqual([{type: 'step-progress', step: 'one', text: 'thinking'}])
})

test('after a failure the steps that follow are skipped, but for those that always run', async () => {
  const sample = sampleRun()
  await runPipeline([step('one', fails()), step('two'), alwaysStep('three'), step('four')], sample.run)
  expect(storyOf(sample)).toEqual([
    'one started',
    'one failed',
    'two skipped',
    'three started',
    'three done',
    'four skipped',
  ])
})

test('a failure is told with its message', async () => {
  const {run, events} = sampleRun()
  await runPipeline([step('one', fails('just a text'))], run)
  expect(ofType(events, 'step-failed')).toEqual([
    {type: 'step-failed', step: 'one', title: 'about to one', message: 'just a text'},
  ])
})

test('once the run is asked to stop, the steps that follow are skipped, but for those that always run', async () => {
  const sample = sampleRun()
  await runPipeline(
    [step('one', run => run.stop.request('interrupted')), step('two'), alwaysStep('three')],
    sample.run,
  )
  expect(storyOf(sample)).toEqual(['one started', 'one done', 'two skipped', 'three started', 'three done'])
})

test('a step that gives up because the run is to stop did not fail', async () => {
  const sample = sampleRun()
  const verdict = await runPipeline(
    [
      step('one', run => {
        run.stop.request('terminated')
        run.stop.signal.throwIfAborted()
      }),
    ],
    sample.run,
  )
  expect(storyOf(sample)).toEqual(['one started', 'one skipped'])
  expect(verdict).toEqual({name: 'terminated', exitCode: 143})
})

test('what else goes wrong once the run is to stop is told, beside why it stopped', async () => {
  const sample = sampleRun()
  const error = new HostError('process 7 does not die')
  const verdict = await runPipeline(
    [
      step('one', run => {
        run.stop.request('terminated')
        throw error
      }),
    ],
    sample.run,
  )
  expect(ofType(sample.events, 'step-failed')).toMatchObject([{step: 'one', message: error.message}])
  expect(verdict).toEqual({name: 'terminated', exitCode: 143, error})
})

test('that a quiet step is done is told as such', async () => {
  const {run, events} = sampleRun()
  await runPipeline([{...step('one'), quiet: true}, step('two')], run)
  expect(ofType(events, 'step-done').map(({quiet}) => quiet)).toEqual([true, undefined])
})

/** As vmrun's own does. */
const unwind = alwaysStep('cleanup', run => run.unwind())

test.each([
  ['nothing went wrong', [step('one'), unwind], 'completed'],
  ['a step failed', [step('one', fails()), unwind], 'infra-failed'],
  ['the guest failed', [step('one', fails(new GuestError('the guest panicked'))), unwind], 'guest-failed'],
  ['the run was asked to stop', [step('one', run => run.stop.request('interrupted')), unwind], 'interrupted'],
  [
    'it was asked twice',
    [
      step('one', run => {
        run.stop.request('timed-out')
        run.stop.request('interrupted')
      }),
      unwind,
    ],
    'timed-out',
  ],
  ['cleaning up failed', [step('one'), alwaysStep('cleanup', fails())], 'infra-failed'],
  [
    'the run was asked to stop, and cleaning up failed',
    [step('one', run => run.stop.request('timed-out')), alwaysStep('cleanup', fails())],
    'timed-out',
  ],
  [
    'a step failed, and cleaning up as well',
    [step('one', fails(new GuestError('the guest panicked'))), alwaysStep('cleanup', fails())],
    'guest-failed',
  ],
  [
    'a Ctrl-C came while it was cleaned up after success',
    [step('one'), alwaysStep('cleanup', run => run.stop.request('interrupted'))],
    'completed',
  ],
  [
    'a Ctrl-C came while it was cleaned up after a failure',
    [step('one', fails()), alwaysStep('cleanup', run => run.stop.request('interrupted'))],
    'infra-failed',
  ],
] as const)('when %s, the verdict is right', async (_, steps, expected) => {
  const {run} = sampleRun()
  const {name} = await runPipeline(steps, run)
  expect(name).toBe(expected)
})

test('the error of the verdict is the first thing that went wrong', async () => {
  const {run} = sampleRun()
  const first = new HostError('no disk')
  const {error} = await runPipeline([step('one', fails(first)), alwaysStep('cleanup', fails())], run)
  expect(error).toBe(first)
})

test('what no step undid is undone at the end, and told before the verdict', async () => {
  const {run, events} = sampleRun()
  let eventsBefore = 0
  await runPipeline(
    [
      step('one', given =>
        given.defer('a thing', () => {
          eventsBefore = events.length
        }),
      ),
    ],
    run,
  )
  expect(events.slice(eventsBefore).map(({type}) => type)).toEqual(['verdict'])
})

test('what cannot be undone at the end is told also after another failure', async () => {
  const {run, events} = sampleRun()
  await runPipeline(
    [
      step('one', given => {
        given.defer('a thing', fails())
        throw new HostError('no image')
      }),
    ],
    run,
  )
  expect(ofType(events, 'notice')).toEqual([{type: 'notice', text: 'could not remove a thing: no disk'}])
})

test('a Ctrl-C while the rest is undone at the end changes nothing', async () => {
  const {run} = sampleRun()
  const {name} = await runPipeline(
    [step('one', given => given.defer('a thing', () => given.stop.request('interrupted')))],
    run,
  )
  expect(name).toBe('completed')
})

test('an early step that always runs does not settle why the run ended', async () => {
  const {run} = sampleRun()
  const watch = step('watch', () => {
    run.stop.request('timed-out')
  })
  const verdict = await runPipeline(
    [alwaysStep('early', () => undefined), watch, alwaysStep('cleanup', () => undefined)],
    run,
  )
  expect(verdict).toMatchObject({name: 'timed-out', exitCode: 124})
})

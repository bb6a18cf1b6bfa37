import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import type {Step} from '../../src/contract/step.js'
import {HostError} from '../../src/errors/errors.js'
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

test('a step that is done is told by the title that says what was done', async () => {
  const {run, events} = sampleRun()
  await runPipeline([step('one')], run)
  expect(ofType(events, 'step-done')).toEqual([{type: 'step-done', step: 'one', title: 'one: done'}])
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

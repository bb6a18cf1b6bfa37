import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {GuestError, HostError} from '../../src/errors.js'
import {runPipeline} from '../../src/pipeline/pipeline.js'
import type {Run} from '../../src/pipeline/run.js'
import type {Step} from '../../src/pipeline/step.js'
import {ofType, type SampleRun, sampleRun} from './sample-run.js'

function step(name: string, run: (run: Run) => void | Promise<void> = () => undefined, always = false): Step {
  return {
    name,
    title: `about to ${name}`,
    always,
    plan: async () => ({title: name, commands: []}),
    run: async given => {
      await run(given)
      return `${name}: done`
    },
  }
}

const alwaysStep = (name: string, run?: (run: Run) => void | Promise<void>): Step => step(name, run, true)

const unwind = alwaysStep('cleanup', run => run.unwind())

const fails =
  (error: unknown = new HostError('no disk')) =>
  (): never => {
    throw error
  }

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
        run.signal.throwIfAborted()
      }),
    ],
    sample.run,
  )
  expect(storyOf(sample)).toEqual(['one started', 'one skipped'])
  expect(verdict).toEqual({name: 'terminated', exitCode: 143})
})

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

test('a Ctrl-C while it is cleaned up keeps nothing from being undone', async () => {
  const {run} = sampleRun()
  const undone: string[] = []
  await runPipeline(
    [
      step('one', given => {
        given.defer('first', () => {
          undone.push('first')
        })
        given.defer('second', () => given.stop.request('interrupted'))
      }),
      unwind,
    ],
    run,
  )
  expect(undone).toEqual(['first'])
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

test('what cannot be undone at the end makes a completed run infra-failed', async () => {
  const {run} = sampleRun()
  const {name, error} = await runPipeline([step('one', given => given.defer('a thing', fails()))], run)
  expect(name).toBe('infra-failed')
  expect(error?.message).toBe('could not remove a thing: no disk')
})

test('a Ctrl-C while the rest is undone at the end changes nothing', async () => {
  const {run} = sampleRun()
  const {name} = await runPipeline(
    [step('one', given => given.defer('a thing', () => given.stop.request('interrupted')))],
    run,
  )
  expect(name).toBe('completed')
})

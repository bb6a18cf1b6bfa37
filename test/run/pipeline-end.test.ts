import {expect, test} from 'vitest'
import {GuestError, HostError} from '../../src/errors/errors.js'
import {runPipeline} from '../../src/run/pipeline.js'
import {ofType, sampleRun} from './sample-run.js'
import {alwaysStep, fails, step} from './sample-step.js'

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

import {expect, test} from 'vitest'
import type {PlacedStep, Step} from '../contract/step.js'
import {Bench} from './bench.js'
import {observed, type Seen} from './observed-step.js'
import type {Subject} from './subject.js'
import {failedSteps, storyOf, type Trial, tryRun} from './trial.js'

/** How a step is put into a run. */
export interface Setting {
  readonly subjectWith: (...steps: readonly PlacedStep[]) => Subject
  /** Which of the run's steps are done. */
  readonly isDone: (step: Step) => boolean
}

async function expectStopped(bench: Bench, trial: Trial, seen: Readonly<Seen>): Promise<void> {
  expect(seen, `${heed}\n${storyOf(trial)}`).toMatchObject({begun: true, finished: true})
  expect(failedSteps(trial), `${quietly}\n${storyOf(trial)}`).toEqual([])
  await bench.expectNothingLeft(nothing)
}

const heed = 'Have run end when its signal is aborted: look at it at first, and hand it to all that waits.'
const quietly =
  'Throw nothing else than an AbortError then, as signal.throwIfAborted() does, and have what is deferred succeed also then.'
const nothing = 'Defer the removal in the same breath: what was given up defers too.'

/** Checks that a step ends when it is to end. */
export function describeStopping(step: PlacedStep, {subjectWith, isDone}: Setting): void {
  test('ends when the run was asked to stop just before it', async () => {
    const bench = await Bench.make()
    const {step: watched, seen} = observed(step)
    const trial = await tryRun(bench, subjectWith(watched), {
      isDone,
      onEvent: (event, {stop}) => {
        if (event.type === 'step-started' && event.step === step.name) {
          stop.request('interrupted')
        }
      },
    })
    await expectStopped(bench, trial, seen)
  })

  test('ends when the run is asked to stop while it runs', async () => {
    const bench = await Bench.make()
    const {step: watched, seen} = observed(step, {
      onRun: ({stop}) => stop.request('interrupted'),
    })
    const trial = await tryRun(bench, subjectWith(watched), {isDone})
    await expectStopped(bench, trial, seen)
  })

  test.skipIf(step.ended === undefined)(
    'what it does at the end is over when nobody waits any longer',
    async () => {
      const bench = await Bench.make()
      const {step: watched, seen} = observed(step, {onEnded: ({stop}) => stop.request('interrupted')})
      const trial = await tryRun(bench, subjectWith(watched), {isDone})
      expect(
        seen,
        'Have ended settle within a second of when ending.signal is aborted: hand it to all that waits.\n' +
          storyOf(trial),
      ).toMatchObject({told: true, toldFinished: true})
      await bench.expectNothingLeft('Have ended leave nothing.')
    },
  )
}

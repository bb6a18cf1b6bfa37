import {describe, expect, test} from 'vitest'
import * as z from 'zod'
import type {Instance} from '../contract/instance.js'
import type {PlacedStep, Step} from '../contract/step.js'
import {HostError} from '../errors/errors.js'
import {prepareRun} from '../launch/prepare-run.js'
import {Bench} from './bench.js'
import {describeStopping, type Setting} from './describe-step-stopping.js'
import {observed} from './observed-step.js'
import {type GuestOptions, guestKeys, limitOf} from './options.js'
import {advising, describeAcceptance, requestOf, type Subject} from './subject.js'
import {expectEnd, failedSteps, storyOf, tryRun} from './trial.js'

/** What a step is tried with. */
export interface StepOptions extends Omit<GuestOptions, 'image'> {
  /**
   * As for the other suites. Without it, the step is run alone, with no machine: for one that needs nothing that other
   * steps make.
   */
  readonly image?: string | undefined
  /** The architecture of the instance. Default: `x86_64`. */
  readonly arch?: Instance['arch']
  /** What the run has for the keys that the plugin contributes. */
  readonly contributed?: Readonly<Record<string, unknown>>
}

/** Checks of a step what its users rely on. To be called in a file of vitest. */
export function describeStep(step: PlacedStep, options: StepOptions = {}): void {
  const {image, contributed = {}, arch = 'x86_64'} = options
  const subjectWith = (...steps: readonly PlacedStep[]): Subject => ({
    definition: {
      steps,
      instanceKeys: Object.entries(contributed).map(([name, value]) => ({
        name,
        schema: z
          .unknown()
          .prefault(null)
          .transform(() => value),
      })),
    },
    keys: {...guestKeys(options), arch},
    image,
  })
  const isDone = ({name}: Step): boolean =>
    image !== undefined || [step.name, later.name, 'cleanup'].includes(name)

  describe.sequential(`step ${step.name}`, {timeout: limitOf(options)}, () => {
    const isSound = describeAcceptance(subjectWith(step).definition)
    describe.runIf(isSound)('in a run', () => {
      test('plan makes nothing', () => expectPlan(step, subjectWith(step)))
      describeUndo(step, {subjectWith, isDone})
      describeStopping(step, {subjectWith, isDone})
    })
  })
}

function describeUndo(step: PlacedStep, {subjectWith, isDone}: Setting): void {
  test('run says what was done, and all that it makes is gone afterwards', async () => {
    const bench = await Bench.make()
    const {step: watched, seen} = observed(step)
    const trial = await tryRun(bench, subjectWith(watched), {isDone})
    await expectEnd(bench, trial, 'completed', 'Have run, and what it defers, succeed with these options.')
    expect(seen.title, 'Have run return the title that says what was done: a text.').toMatch(anything)
  })

  test('all that it makes is gone when a later step fails', async () => {
    const bench = await Bench.make()
    const trial = await tryRun(bench, subjectWith(step, {...later, after: step.name}), {isDone})
    expect(
      failedSteps(trial),
      `Have what is deferred succeed however the run ends.\n${storyOf(trial)}`,
    ).toEqual([later.name])
    await bench.expectNothingLeft('Defer the removal in the same breath, not in what follows or in ended.')
  })
}

const anything = /./u

const later: Step = {
  name: 'vmrun-testing-fails',
  title: 'Fails',
  run: async () => {
    throw new HostError('made to fail by vmrun/testing')
  },
}

async function expectPlan(step: PlacedStep, subject: Subject): Promise<void> {
  const bench = await Bench.make()
  const request = await requestOf(bench, subject)
  const {run} = await prepareRun(request, {config: request.opened.instance.config, onEvent: () => undefined})
  const directory = bench.path('work', `vmrun-${run.id}`)
  const plan = await advising('Have plan tell what run would do, without what only run has.', async () =>
    step.plan?.(run, directory),
  )
  if (step.plan !== undefined) {
    expect(plan, 'Have plan return its title and its commands, each a list of words.').toEqual({
      title: expect.any(String),
      commands: expect.any(Array),
    })
  }

  await bench.expectNothingLeft('Have plan make nothing: tell it as commands.')
}

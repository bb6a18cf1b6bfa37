import {once} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect, type Mock, test, vi} from 'vitest'
import * as z from 'zod'
import type {Instance} from '../contract/instance.js'
import type {OwnRun} from '../contract/run.js'
import type {PlacedStep, Step} from '../contract/step.js'
import {HostError} from '../errors/errors.js'
import {pathIn} from '../host/path-in.js'
import {prepareRun} from '../launch/prepare-run.js'
import {describeSubject, expectNothingMade, type GuestOptions, type Subject, subjectOf} from './subject.js'
import {expectEnd, expectOf, type Trial, type TrialOptions, tryRun} from './trial.js'

/**
 * What a step is tried with. Without an image, it is run alone, with no machine: for one that needs nothing that other
 * steps make.
 */
export interface StepOptions extends Partial<GuestOptions> {
  /** The architecture of the instance. Default: `x86_64`. */
  readonly arch?: Instance['arch']
  /** What the run has for the keys that the plugin contributes. */
  readonly contributed?: Readonly<Record<string, unknown>>
}

/** Runs steps, the tested one or it and others, to the end. */
type Try = (steps: readonly PlacedStep[], onEvent?: TrialOptions['onEvent']) => Promise<Trial>

/** Checks of a step what its users rely on. To be called in a file of vitest. */
export function describeStep(step: PlacedStep, options: StepOptions = {}): void {
  const {image, contributed = {}, arch = 'x86_64'} = options
  const instanceKeys = Object.entries(contributed).map(([name, value]) => ({
    name,
    schema: z
      .unknown()
      .prefault(null)
      .transform(() => value),
  }))
  const subjectWith = (...steps: readonly PlacedStep[]): Subject =>
    subjectOf({steps, instanceKeys}, options, {arch})
  const isDone = ({name}: Step): boolean =>
    image !== undefined || [step.name, later.name, 'cleanup'].includes(name)
  const trySteps: Try = (steps, onEvent) => tryRun(subjectWith(...steps), {isDone, ...(onEvent && {onEvent})})

  describeSubject(`step ${step.name}`, subjectWith(step), () => {
    test('plan makes nothing', () => expectPlan(step, subjectWith(step)))
    describeUndo(step, trySteps)
    describeStopping(step, trySteps)
  })
}

async function expectPlan({name}: PlacedStep, subject: Subject): Promise<void> {
  await expectNothingMade(
    subject,
    async request => {
      const {config} = request.opened.instance
      const {run, steps} = await prepareRun(request, {config, onEvent: () => undefined})
      await steps.find(step => step.name === name)?.plan?.(run, pathIn(run.workDirectory, 'vmrun'))
    },
    'Have plan make nothing, and tell what run would do without what only run has: its title, and its commands, each a ' +
      'list of words.',
  )
}

const anything = /./u

const later: Step = {
  name: 'vmrun-testing-fails',
  title: 'Fails',
  run: async () => {
    throw new HostError('made to fail by vmrun/testing')
  },
}

function describeUndo(step: PlacedStep, trySteps: Try): void {
  test('run says what was done, and all that it makes is gone afterwards', async () => {
    const {step: watched, run} = observed(step)
    const trial = await trySteps([watched])
    await expectEnd(trial, 'completed', 'Have run, and what it defers, succeed with these options.')
    const title = run.mock.settledResults[0]?.value
    expect(title, 'Have run return the title that says what was done: a text.').toMatch(anything)
  })

  test('all that it makes is gone when a later step fails', async () => {
    const trial = await trySteps([step, {...later, after: step.name}])
    const succeed = 'Have what is deferred succeed however the run ends.'
    expectOf(trial, failedSteps(trial), succeed).toEqual([later.name])
    await trial.bench.expectNothingLeft(
      'Defer the removal in the same breath, not in what follows or in ended.',
    )
  })
}

/** The steps that failed: `cleanup`, where something could not be undone. */
function failedSteps({events}: Trial): readonly string[] {
  return events.flatMap(event => (event.type === 'step-failed' ? [event.step] : []))
}

const heed = 'Have run end when its signal is aborted: look at it at first, and hand it to all that waits.'
const quietly =
  'Throw nothing else than an AbortError then, as signal.throwIfAborted() does, and have what is deferred succeed also then.'

/** Checks that a step ends when it is to end. */
function describeStopping(step: PlacedStep, trySteps: Try): void {
  test.each([
    ['was asked to stop just before it', (stop: () => void) => stop()],
    ['is asked to stop while it runs', (stop: () => void) => setImmediate(stop)],
  ])('ends when the run %s', async (_, request) => {
    const {step: watched, run} = observed(step)
    const trial = await trySteps([watched], (event, {stop}) => {
      if (event.type === 'step-started' && event.step === step.name) {
        request(() => stop.request('interrupted'))
      }
    })
    expectOf(trial, isSettled(run), heed).toBe(true)
    expectOf(trial, failedSteps(trial), quietly).toEqual([])
    await trial.bench.expectNothingLeft('Defer the removal in the same breath: what was given up defers too.')
  })

  test.skipIf(step.ended === undefined)(
    'what it does at the end is over when nobody waits any longer',
    async () => {
      const {step: watched, ended} = observed(step, true)
      const trial = await trySteps([watched])
      const settle =
        'Have ended settle within a second of when ending.signal is aborted: hand it to all that waits.'
      expectOf(trial, isSettled(ended), settle).toBe(true)
      await trial.bench.expectNothingLeft('Have ended leave nothing.')
    },
  )
}

/**
 * The same step, watched; one that does not end when the run is to stop is given up, also when it has no limit.
 *
 * @param hurried whether the run is asked to stop soon after `ended` was called
 */
function observed(placed: PlacedStep, hurried = false) {
  const {run: act, ended: tell}: Step<OwnRun> = placed
  const run = vi.fn<Step<OwnRun>['run']>((...words) => act.call(placed, ...words))
  const ended = vi.fn<NonNullable<Step<OwnRun>['ended']>>(async (given, ending) => {
    setImmediate(() => hurried && given.stop.request('interrupted'))
    await tell?.call(placed, given, ending)
  })
  const step: PlacedStep = {
    ...placed,
    run: (given: OwnRun, progress, signal) => Promise.race([run(given, progress, signal), givenUp(signal)]),
    ...(tell && {ended}),
  }
  return {step, run, ended}
}

function isSettled({mock: {settledResults}}: Pick<Mock, 'mock'>): boolean {
  return settledResults.some(({type}) => type !== 'incomplete')
}

/** How long a step that sets its own limit may take to end when the run is to stop, in milliseconds. */
const stopLimit = 20_000

/** Rejects when the step still goes on. */
async function givenUp(stop: AbortSignal): Promise<never> {
  if (!stop.aborted) {
    await once(stop, 'abort')
  }

  await sleep(stopLimit, undefined, {ref: false})
  throw new Error('the step did not end when the run was to stop')
}

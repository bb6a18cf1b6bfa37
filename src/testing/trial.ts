import {PassThrough} from 'node:stream'
import {type Assertion, expect, onTestFinished} from 'vitest'
import type {RunEvent, Verdict} from '../contract/events.js'
import type {Step} from '../contract/step.js'
import {prepareRun} from '../launch/prepare-run.js'
import {resolveConfig} from '../launch/resolve-config.js'
import {runPipeline} from '../run/pipeline.js'
import type {EphemeralRun} from '../run/run.js'
import {printable} from '../text/printable.js'
import {Bench} from './bench.js'
import {advising, describeError, instanceName, requestOf, type Subject} from './subject.js'

/** What is done while the run goes on. */
export interface TrialOptions {
  /** Called with each event, before anything else happens. */
  readonly onEvent?: (event: RunEvent, run: EphemeralRun) => void
  /** The run is asked to stop when the guest has printed this. */
  readonly stopAt?: string
  /** Which of a run's steps are done. Default: all. */
  readonly isDone?: (step: Step) => boolean
}

/** A run that is over. */
export interface Trial {
  readonly bench: Bench
  readonly run: EphemeralRun
  readonly verdict: Verdict
  readonly events: readonly RunEvent[]
  /** All that the guest has printed. */
  readonly console: string
}

const lastCharacters = 1500

/** Runs the subject to its end, in a place of its own. Without `stopAt`, nothing but the run itself asks it to stop. */
export async function tryRun(
  subject: Subject,
  {onEvent, stopAt, isDone = () => true}: TrialOptions = {},
): Promise<Trial> {
  const bench = await Bench.make()
  const request = await requestOf(bench, subject)
  const events: RunEvent[] = []
  const config = await resolveConfig(request.opened, request.registry, request.environment)
  const {run, steps} = await advising('Accept these options, or leave them out of the suite.', () =>
    prepareRun(request, {
      config,
      onEvent: event => {
        events.push(event)
        onEvent?.(event, run)
      },
    }),
  )
  let console = ''
  run.console.writable = new PassThrough({encoding: 'utf8'}).on('data', (text: string) => {
    console += text
    if (stopAt !== undefined && run.stop.cause === undefined && console.includes(stopAt)) {
      run.stop.request('interrupted')
    }
  })
  const ended = runPipeline(steps.filter(isDone), run)
  // Where the test is over before. vitest calls this before what removes the place, which was told first.
  onTestFinished(async () => {
    run.stop.request('terminated')
    run.stop.request('terminated')
    await ended
  })
  const verdict = await ended
  return {bench, run, verdict, events, console}
}

/** `expect` with what an author has to know of the run when it fails. */
export function expectOf<Actual>(trial: Trial, actual: Actual, advice: string): Assertion<Actual> {
  return expect(actual, `${advice}\n${storyOf(trial)}`)
}

/** Expects that the guest of the subject runs: it is ended then. */
export async function expectGuestRuns(subject: Subject, advice: string): Promise<void> {
  const trial = await tryRun(subject, {
    onEvent: ({type}, {stop}) => {
      if (type === 'machine-running') {
        stop.request('interrupted')
        stop.request('interrupted')
      }
    },
  })
  expectOf(trial, trial.verdict.name, advice).toBe('interrupted')
}

/** Expects how a run ended, and that it left nothing. */
export async function expectEnd(trial: Trial, name: Verdict['name'], advice: string): Promise<void> {
  expectOf(trial, trial.verdict.name, advice).toBe(name)
  await trial.bench.expectNothingLeft('Have it removed by what is deferred in the same breath as it is made.')
}

/**
 * Expects that the guest of the subject prints what it should of its config, and powers off.
 *
 * @param seen without it, the text of instance.json
 */
export async function expectConfigRead(
  subject: Subject,
  advice: string,
  seen?: string | RegExp,
): Promise<void> {
  const trial = await tryRun(subject)
  const expected = seen ?? JSON.stringify({name: instanceName, config: trial.run.config})
  const why = `The guest did not print what shows that it read its config. ${advice}`
  expectOf(trial, trial.console, why).toMatch(expected)
  const end = 'Have the guest of "image" power off after that, and the machine notice it.'
  await expectEnd(trial, 'completed', end)
}

/** What an author has to know of a run to understand how it ended. */
function storyOf({verdict, events, console}: Trial): string {
  const told = events.flatMap(event => (event.type === 'notice' ? [`Notice: ${event.text}`] : []))
  return [
    `The run ended as ${verdict.name}.`,
    ...(verdict.error === undefined ? [] : [describeError(verdict.error)]),
    ...told,
    ...(console === ''
      ? ['The guest printed nothing.']
      : [`The guest printed last:\n${console.slice(-lastCharacters).split('\n').map(printable).join('\n')}`]),
  ].join('\n')
}

import {Writable} from 'node:stream'
import {expect} from 'vitest'
import type {RunEvent} from '../contract/events.js'
import type {Step} from '../contract/step.js'
import type {Verdict} from '../contract/verdict.js'
import {prepareRun} from '../launch/prepare-run.js'
import {resolveConfig} from '../launch/resolve-config.js'
import {runPipeline} from '../run/pipeline.js'
import type {EphemeralRun} from '../run/run.js'
import {printable} from '../text/printable.js'
import type {Bench} from './bench.js'
import {advising, describeError, requestOf, type Subject} from './subject.js'

export interface TrialOptions {
  /** Called with each event, before anything else happens. */
  readonly onEvent?: (event: RunEvent, run: EphemeralRun) => void
  /** Called with all that the guest has printed so far, whenever it prints. */
  readonly onConsole?: (text: string, run: EphemeralRun) => void
  /** Which of a run's steps are done. Default: all. */
  readonly isDone?: (step: Step) => boolean
}

/** A run that is over. */
export interface Trial {
  readonly run: EphemeralRun
  readonly verdict: Verdict
  readonly events: readonly RunEvent[]
  /** All that the guest has printed. */
  readonly console: string
}

const lastCharacters = 1500

/** Runs the subject to its end. Nothing but the run itself asks it to stop, unless the test is over before. */
export async function tryRun(
  bench: Bench,
  subject: Subject,
  {onEvent, onConsole, isDone = () => true}: TrialOptions = {},
): Promise<Trial> {
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
  const decoder = new TextDecoder()
  run.console = new Writable({
    write: (chunk: Uint8Array, _, done) => {
      console += decoder.decode(chunk, {stream: true})
      onConsole?.(console, run)
      done()
    },
  })
  const ended = runPipeline(steps.filter(isDone), run)
  bench.onEnd(() => {
    run.stop.request('terminated')
    run.stop.request('terminated')
    return ended
  })
  const verdict = await ended
  return {run, verdict, events, console}
}

/** Expects how a run ended, and that it left nothing. */
export async function expectEnd(
  bench: Bench,
  trial: Trial,
  name: Verdict['name'],
  advice: string,
): Promise<void> {
  expect(trial.verdict.name, `${advice}\n${storyOf(trial)}`).toBe(name)
  await bench.expectNothingLeft('Have it removed by what is deferred in the same breath as it is made.')
}

/** The steps that failed: `cleanup`, where something could not be undone. */
export function failedSteps({events}: Trial): readonly string[] {
  return events.flatMap(event => (event.type === 'step-failed' ? [event.step] : []))
}

/** The rungs of the ladder that a machine was taken down. */
export function rungsOf({events}: Trial): readonly string[] {
  return events.flatMap(event => (event.type === 'shutting-down' ? [event.rung] : []))
}

/** What an author has to know of a run to understand how it ended. */
export function storyOf({verdict, events, console}: Trial): string {
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

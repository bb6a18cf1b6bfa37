import type {OwnRun, Run} from '../contract/run.js'
import type {Ending, PlacedStep, Step} from '../contract/step.js'
import {settled} from '../time/settled.js'
import {waitUntil} from '../time/timer.js'

/** How long a step that sets its own limit may take to end when the run is to stop, in milliseconds. */
const stopLimit = 20_000

/** What a step has done so far. */
export interface Seen {
  /** What `run` gave. */
  title: unknown
  /** Whether `run` was called, and whether it has settled. */
  begun: boolean
  finished: boolean
  /** The same of `ended`. */
  told: boolean
  toldFinished: boolean
}

/** What is to happen at the same time. */
interface Meanwhile {
  /** Called soon after `run` was called. */
  readonly onRun?: (run: Run) => void
  /** The same of `ended`. */
  readonly onEnded?: (run: Run) => void
}

/** The same step, watched; one that does not end when the run is to stop is given up, also when it has no limit. */
export function observed(
  placed: PlacedStep,
  {onRun, onEnded}: Meanwhile = {},
): {readonly step: PlacedStep; readonly seen: Readonly<Seen>} {
  const seen: Seen = {title: undefined, begun: false, finished: false, told: false, toldFinished: false}
  const step: Step<OwnRun> = placed
  const {ended} = step
  return {
    seen,
    step: {
      ...placed,
      run: async (run: OwnRun, progress, signal) => {
        seen.begun = true
        const done = async (): Promise<string> => {
          try {
            return await step.run(run, progress, signal)
          } finally {
            seen.finished = true
          }
        }
        const title = done()
        setImmediate(() => onRun?.(run))
        const found = await Promise.race([title, givenUp(run.stop.signal, settled(title))])
        seen.title = found
        return found
      },
      ...(ended && {
        ended: async (run: OwnRun, ending: Ending) => {
          seen.told = true
          try {
            const done = ended.call(step, run, ending)
            setImmediate(() => onEnded?.(run))
            await done
          } finally {
            seen.toldFinished = true
          }
        },
      }),
    },
  }
}

async function givenUp(stop: AbortSignal, done: AbortSignal): Promise<never> {
  await new Promise<void>(resolve => {
    if (stop.aborted) {
      resolve()
    }

    stop.addEventListener('abort', () => resolve(), {signal: done})
  })
  if (await waitUntil(performance.now() + stopLimit, done)) {
    throw new Error('the step did not end when the run was to stop')
  }

  return await new Promise(() => undefined)
}

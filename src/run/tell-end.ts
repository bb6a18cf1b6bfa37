import type {Ending, Step} from '../contract/step.js'
import {messageOf} from '../errors/thrown.js'
import {settled} from '../time/settled.js'
import {waitUntil} from '../time/timer.js'
import type {EphemeralRun} from './run.js'

/** How long all steps together may take over a run's end, in milliseconds. */
const endLimit = 30_000

/** How long they may take to stop when nobody waits any longer, in milliseconds. */
const heedLimit = 1000

/** Tells the steps that want to know how the run ended. Nothing is left to be removed by now, and the verdict stands. */
export async function tellEnd(
  steps: readonly Step[],
  run: EphemeralRun,
  ending: Omit<Ending, 'signal'>,
): Promise<void> {
  const listeners = steps.filter(({ended}) => ended !== undefined)
  if (listeners.length === 0) {
    return
  }

  // Before anybody is told: whoever is may be the one to ask.
  const asked = run.stop.next()
  const over = new AbortController()
  const late = new Set(listeners)
  const told = settled(
    Promise.all(
      listeners.map(async step => {
        await tellStep(step, run, {...ending, signal: over.signal})
        late.delete(step)
      }),
    ),
  )
  await waitUntil(performance.now() + endLimit, AbortSignal.any([told, asked]))
  over.abort()
  await waitUntil(performance.now() + heedLimit, told)
  for (const {name} of late) {
    run.emit({type: 'notice', text: `The step ${name} was not waited for any longer`})
  }
}

async function tellStep(step: Step, run: EphemeralRun, ending: Ending): Promise<void> {
  try {
    await step.ended?.(run, ending)
  } catch (error) {
    run.emit({type: 'notice', text: messageOf(error)})
  }
}

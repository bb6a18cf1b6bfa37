import type {RunEvent} from '../contract/events.js'
import type {StopCause} from '../contract/verdict.js'
import {durationText} from '../text/duration.js'

/**
 * What to say of the time, from an event on, whenever it is asked.
 *
 * @param since when the event was told, in milliseconds of `performance.now()`
 */
export function timeText(
  event: Extract<RunEvent, {type: 'machine-running' | 'shutting-down'}>,
  since: number,
): () => string {
  if (event.type === 'machine-running') {
    return () => {
      const elapsed = performance.now() - since
      return `runs for ${inSeconds(elapsed)}, ${inSeconds(event.timeoutSeconds * 1000 - elapsed)} remain`
    }
  }

  const {cause, rung, graceSeconds} = event
  if (rung !== 'powerdown') {
    return () => `${causes[cause]}; it is being ended`
  }

  return () => {
    const left = graceSeconds * 1000 - (performance.now() - since)
    return `${causes[cause]}; its power button is pressed, ${inSeconds(left)} of grace left (Ctrl-C ends it at once)`
  }
}

const causes: Readonly<Record<StopCause, string>> = {
  'timed-out': 'its time is up',
  interrupted: 'interrupted',
  terminated: 'terminated',
}

function inSeconds(milliseconds: number): string {
  return durationText(Math.max(0, Math.round(milliseconds / 1000)))
}

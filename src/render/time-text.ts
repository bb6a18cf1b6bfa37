import prettyMilliseconds from 'pretty-ms'
import type {RunEvent} from '../pipeline/events.js'
import {describeEvent} from './describe-event.js'

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

  const what = describeEvent(event) ?? ''
  if (event.rung !== 'powerdown') {
    return () => what
  }

  return () => `${what}, ${inSeconds(event.graceSeconds * 1000 - (performance.now() - since))} of it remain`
}

function inSeconds(milliseconds: number): string {
  return prettyMilliseconds(Math.max(0, Math.round(milliseconds / 1000)) * 1000)
}

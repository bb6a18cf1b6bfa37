import type {RunListener} from '../pipeline/events.js'
import type {Span, Trace} from './trace.js'

/** What vmrun itself is busy with, from the start of its process to its end. */
export const phase = 'phase'

/**
 * Traces the phases of this process by what a run tells: its start until the run begins, the run, and what is left to be
 * done after the verdict.
 *
 * @param loaded when vmrun was loaded and began to prepare the run, in milliseconds from the start of this process
 */
export function tracePhases(
  trace: Trace,
  loaded: number,
): {readonly listener: RunListener; readonly end: () => void} {
  const row = trace.rows.own
  const begin = (name: string, since?: number): Span =>
    trace.begin(name, row, {category: phase, ...(since !== undefined && {since})})
  // In the order in which they end: what holds another ends after it.
  let now: readonly Span[] = [begin('prepare', loaded), begin('start', 0)]
  const end = (): void => {
    for (const span of now) {
      span.end()
    }
  }
  return {
    listener: ({type}) => {
      if (type === 'run-started' || type === 'verdict') {
        end()
        now = [begin(type === 'verdict' ? 'end' : 'run')]
      }
    },
    end,
  }
}

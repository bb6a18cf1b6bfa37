import type {RunEvent, RunListener} from '../pipeline/events.js'
import type {Span, Trace} from './trace.js'
import type {Details} from './trace-event.js'

/** The row of the steps. */
export const stepRow = 'steps'

/** What a run tells of itself. */
const category = 'run'

/**
 * Traces what a run tells: its steps, and what happens meanwhile. Of each event only names and numbers of vmrun's own:
 * what others wrote, such as a plugin's notice, stays out.
 */
export function traceRunEvents(trace: Trace): RunListener {
  const steps = new Map<string, Span>()
  const endStep = (step: string, outcome: 'done' | 'failed' | 'skipped'): void =>
    steps.get(step)?.end({outcome})
  return event => {
    switch (event.type) {
      case 'step-started':
        steps.set(event.step, trace.beginBeside(event.step, stepRow, {category: 'step'}))
        break
      case 'step-progress':
        break
      case 'step-done':
        endStep(event.step, 'done')
        break
      case 'step-failed':
        endStep(event.step, 'failed')
        break
      case 'step-skipped':
        endStep(event.step, 'skipped')
        break
      default:
        mark(trace, event)
    }
  }
}

function mark(trace: Trace, event: RunEvent): void {
  trace.mark(event.type, trace.rows.own, {category, details: detailsOf(event)})
}

function detailsOf(event: RunEvent): Details {
  switch (event.type) {
    case 'run-started':
      return {run: event.run, instance: event.instance}
    case 'machine-running': {
      const {pid, accelerator, timeoutSeconds} = event
      return {pid, accelerator, timeoutSeconds}
    }
    case 'deadline-near':
      return {remainingSeconds: event.remainingSeconds}
    case 'shutting-down':
      return {cause: event.cause, rung: event.rung, graceSeconds: event.graceSeconds}
    case 'verdict':
      return {verdict: event.verdict.name, exitCode: event.verdict.exitCode, seconds: event.seconds}
    default:
      return {}
  }
}

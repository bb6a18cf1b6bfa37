import {exitCodes, type StopCause, type Verdict, type VerdictName} from '../contract/events.js'
import type {Ending, Step} from '../contract/step.js'
import {GuestError, HostError, messageOf, VmrunError} from '../errors/errors.js'
import {resourceHint} from '../host/resource-hint.js'
import {settled, waitUntil} from '../time/timer.js'
import type {EphemeralRun} from './run.js'

/**
 * Decides how a run ended. A stop that was asked for decides before anything that failed afterwards, as the guest's
 * end was then ours; a failure decides before success.
 *
 * @param jobExitCode of a job that had ended before the run was asked to stop: then the stop decides nothing
 */
export function verdictOf(stopCause: StopCause | undefined, failure: unknown, jobExitCode?: number): Verdict {
  const error = failure === undefined ? undefined : asVmrunError(failure)
  const name = (jobExitCode === undefined ? stopCause : undefined) ?? nameOf(error, jobExitCode)
  return {name, exitCode: exitCodes[name], ...(error && {error})}
}

/** What of a verdict the guest told or printed. */
export function guestPart({guest, console, log}: EphemeralRun, name: VerdictName): Partial<Verdict> {
  const [consoleTail, logTail] = name === 'completed' ? [[], []] : [console.lines(), log.lines()]
  return {
    ...guest.account(),
    ...(consoleTail.length > 0 && {consoleTail}),
    ...(logTail.length > 0 && {logTail}),
  }
}

function nameOf(error: VmrunError | undefined, jobExitCode = 0): VerdictName {
  if (error === undefined) {
    return jobExitCode === 0 ? 'completed' : 'job-failed'
  }

  return error instanceof GuestError ? 'guest-failed' : 'infra-failed'
}

function asVmrunError(failure: unknown): VmrunError {
  if (failure instanceof VmrunError) {
    return failure
  }

  return new HostError(messageOf(failure), {hint: resourceHint(failure), cause: failure})
}

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
  const late = new Set(steps.filter(({ended}) => ended !== undefined))
  // Before anybody is told: whoever is may be the one to ask.
  const asked = run.stop.next()
  const over = new AbortController()
  const tell = async (step: Step): Promise<void> => {
    try {
      await step.ended?.(run, {...ending, signal: over.signal})
    } catch (error) {
      run.emit({type: 'notice', text: messageOf(error)})
    }

    late.delete(step)
  }
  const told = settled(Promise.all(Array.from(late, tell)))
  await waitUntil(performance.now() + endLimit, AbortSignal.any([told, asked]))
  over.abort()
  await waitUntil(performance.now() + heedLimit, told)
  for (const {name} of late) {
    run.emit({type: 'notice', text: `The step ${name} was not waited for any longer`})
  }
}

import {GuestError, HostError, VmrunError} from '../errors.js'
import {resourceHint} from '../host/resource-hint.js'
import {messageOf} from '../thrown.js'
import type {StopCause} from './stop-request.js'

/** How a run can end, with its exit code. The list is closed and the codes are stable; 2 is kept for usage errors. */
export const exitCodes = {
  completed: 0,
  'infra-failed': 1,
  'guest-failed': 3,
  'timed-out': 124,
  interrupted: 130,
  terminated: 143,
} as const

type VerdictName = keyof typeof exitCodes

/** How a run ended. `error` says why, where the verdict alone does not. */
export interface Verdict {
  readonly name: VerdictName
  readonly exitCode: number
  readonly error?: VmrunError
}

/**
 * Decides how a run ended. A stop that was asked for decides before anything that failed afterwards, as the guest's
 * end was then ours; a failure decides before success.
 */
export function verdictOf(stopCause: StopCause | undefined, failure: unknown): Verdict {
  if (failure === undefined) {
    return verdict(stopCause ?? 'completed')
  }

  return verdict(
    stopCause ?? (failure instanceof GuestError ? 'guest-failed' : 'infra-failed'),
    asVmrunError(failure),
  )
}

function verdict(name: VerdictName, error?: VmrunError): Verdict {
  return {name, exitCode: exitCodes[name], ...(error && {error})}
}

function asVmrunError(failure: unknown): VmrunError {
  if (failure instanceof VmrunError) {
    return failure
  }

  return new HostError(messageOf(failure), {hint: resourceHint(failure), cause: failure})
}

import {exitCodes, type StopCause, type Verdict, type VerdictName} from '../contract/verdict.js'
import {GuestError, HostError, VmrunError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {resourceHint} from '../host/resource-hint.js'

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

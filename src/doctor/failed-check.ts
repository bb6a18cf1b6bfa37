import {HostError} from '../errors.js'
import type {Finding} from './finding.js'

/** What a look has found that failed as a run would. @throws what is not the host's fault */
export function failedCheck(error: unknown, where: Pick<Finding, 'check' | 'subject'>): Finding {
  if (!(error instanceof HostError)) {
    throw error
  }

  return {...where, state: 'missing', text: error.message, advice: error.hint}
}

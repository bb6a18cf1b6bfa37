import {VmrunError} from '../errors/errors.js'
import type {Finding, Look} from './finding.js'

/** What a look has found that failed as a run would. @throws what is a bug */
export function failedCheck(error: unknown, look: Look): Finding {
  if (!(error instanceof VmrunError)) {
    throw error
  }

  return {...look, state: 'missing', message: error.message, hint: error.hint}
}

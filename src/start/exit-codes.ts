import {exitCodes} from '../contract/verdict.js'
import {UsageError, VmrunError} from '../errors/errors.js'

/** For bad arguments, and for an instances file that does not hold. */
export const usageExitCode = 2

/** The exit code for an error that ends a command, never 0; `exit` is oclif's own for its errors. */
export function exitCodeOf(error: Error & {readonly oclif?: {readonly exit?: number}}): number {
  if (error instanceof VmrunError) {
    return error instanceof UsageError ? usageExitCode : exitCodes['infra-failed']
  }

  return error.oclif?.exit || exitCodes['infra-failed']
}

import {exitCodes} from '../contract/events.js'
import {UsageError, VmrunError} from '../errors/errors.js'
import {tellWhoEnds} from './foreign-code.js'

/** For bad arguments, and for an instances file that does not hold. */
export const usageExitCode = 2

/** The exit code for an error that ends a command, never 0; `exit` is oclif's own for its errors. */
export function exitCodeOf(error: Error & {readonly oclif?: {readonly exit?: number}}): number {
  if (error instanceof VmrunError) {
    return error instanceof UsageError ? usageExitCode : exitCodes['infra-failed']
  }

  return error.oclif?.exit || exitCodes['infra-failed']
}

/** Where the exit code of a command that has its result is kept: with the process, as only that has an end. */
const settled = Symbol.for('vmrun.exitCode')

/**
 * Has this process end as a failure until a command has its result, whoever ends it and with whatever code: a plugin runs
 * in the same process. Says who it was.
 */
export function guardExit(): void {
  process.on('exit', endUnsettled)
  const reallyExit: unknown = Reflect.get(process, 'reallyExit')
  if (typeof reallyExit === 'function') {
    // Whoever calls `process.exit` comes here at last, when all have heard of it.
    Reflect.set(process, 'reallyExit', (code: number) => reallyExit.call(process, finalCode(code)))
  }
}

/** The command has its result: this process ends with that exit code, or with another where a success turns into a failure. */
export function settleExit(code: number): void {
  process.exitCode = code
  Reflect.set(process, settled, code)
}

/** The same where nothing is settled yet. */
export function settleUnlessSettled(code: number): void {
  if (Reflect.get(process, settled) === undefined) {
    settleExit(code)
  }
}

/** For a command of a plugin's own, which may end as it likes. */
export function releaseExit(): void {
  process.off('exit', endUnsettled)
  settleExit(0)
}

function finalCode(asked: number): number {
  const result: unknown = Reflect.get(process, settled)
  return typeof result === 'number' ? result || asked : exitCodes['infra-failed']
}

function endUnsettled(asked: number): void {
  process.exitCode = finalCode(asked)
  if (Reflect.get(process, settled) === undefined) {
    tellWhoEnds(asked)
  }
}

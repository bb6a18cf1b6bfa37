import type {VmrunError} from '../errors/errors.js'

/** Why a run is asked to stop. The first cause is the run's verdict. */
export type StopCause = 'timed-out' | 'interrupted' | 'terminated'

/** How a run can end, with its exit code. The list is closed and the codes are stable; 2 is kept for usage errors. */
export const exitCodes = {
  completed: 0,
  'infra-failed': 1,
  'guest-failed': 3,
  'timed-out': 124,
  interrupted: 130,
  terminated: 143,
} as const

export type VerdictName = keyof typeof exitCodes

/** How a run ended. `error` says why, where the verdict alone does not. */
export interface Verdict {
  readonly name: VerdictName
  readonly exitCode: number
  readonly error?: VmrunError
}

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

/** One rung of the ladder by which a machine is stopped. */
export type Rung = 'powerdown' | 'quit' | 'kill'

/** Everything that a person or a program can learn about a run while it goes on. */
export type RunEvent =
  | {
      readonly type: 'run-started'
      readonly run: string
      readonly instance: string
      readonly steps: ReadonlyArray<{readonly name: string; readonly title: string}>
    }
  | {readonly type: 'step-started'; readonly step: string; readonly title: string}
  /** What a step is busy with. */
  | {readonly type: 'step-progress'; readonly step: string; readonly text: string}
  /** `title` says what was done; `quiet`: it is worth no line of its own. */
  | {readonly type: 'step-done'; readonly step: string; readonly title: string; readonly quiet?: true}
  | {readonly type: 'step-failed'; readonly step: string; readonly title: string; readonly message: string}
  /** The step did not run, as the run was ending already. */
  | {readonly type: 'step-skipped'; readonly step: string; readonly title: string}
  /** Something worth knowing that is no error, such as the fall back to a slower accelerator. */
  | {readonly type: 'notice'; readonly text: string}
  /** The guest runs; its time counts from here. */
  | {
      readonly type: 'machine-running'
      readonly pid: number
      readonly accelerator: string
      readonly timeoutSeconds: number
      readonly sshPort?: number
    }
  | {readonly type: 'guest-rebooted'}
  | {readonly type: 'config-disk-ejected'}
  | {readonly type: 'deadline-near'; readonly remainingSeconds: number}
  /** `graceSeconds`: how long the guest has from now, on the rung `powerdown`. */
  | {
      readonly type: 'shutting-down'
      readonly cause: StopCause
      readonly rung: Rung
      readonly graceSeconds: number
    }
  /** The last event. `seconds`: from the start of the run. */
  | {readonly type: 'verdict'; readonly verdict: Verdict; readonly seconds: number}

/** What steps tell by themselves; that the run and its steps begin and end the pipeline tells. */
export type StepEvent = Exclude<RunEvent, {readonly type: 'run-started' | `step-${string}` | 'verdict'}>

export type RunListener = (event: RunEvent) => void

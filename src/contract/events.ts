import type {VmrunError} from '../errors/errors.js'

/** Why a run is asked to stop. The first cause is the run's verdict. */
export type StopCause = 'boot-failed' | 'timed-out' | 'interrupted' | 'terminated'

/** Why a machine is shut down: its run is asked to stop, the guest has nothing to do, or its job has ended. */
export type ShutdownCause = StopCause | 'idle' | 'job-ended'

/** How a run can end, with its exit code. The list is closed and the codes are stable; 2 is kept for usage errors. */
export const exitCodes = {
  completed: 0,
  'infra-failed': 1,
  'guest-failed': 3,
  'job-failed': 4,
  'boot-failed': 5,
  'timed-out': 124,
  interrupted: 130,
  terminated: 143,
} as const

export type VerdictName = keyof typeof exitCodes

/** How a run ended. */
export interface Verdict extends GuestAccount {
  readonly name: VerdictName
  /** Of vmrun. */
  readonly exitCode: number
  /** Says why, where the verdict alone does not. */
  readonly error?: VmrunError
  /** The last lines that the guest printed, made printable; none of a run that is `completed`. */
  readonly consoleTail?: readonly string[]
  /** The same of what its job printed. */
  readonly logTail?: readonly string[]
}

/** What a guest told of its job; of one that told nothing, nothing. */
export interface GuestAccount {
  /** How its job ended, also where that came too late to decide the verdict. */
  readonly job?: {readonly exitCode: number}
  /** How long the guest took until it was ready. */
  readonly readySeconds?: number
  /** How long it was busy, in all. */
  readonly busySeconds?: number
  /** How many lines it sent that told nothing: no words, words that changed nothing, or too many at a time. */
  readonly ignoredLines?: number
}

/** One rung of the ladder by which a machine is stopped; `agent` in place of `powerdown` where it has no power button. */
export type Rung = 'powerdown' | 'agent' | 'quit' | 'kill'

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
  /** The guest is up. `seconds`: from its start. */
  | {readonly type: 'guest-ready'; readonly seconds: number}
  /** The guest has taken a job. `remainingSeconds`: how long it may run from now; with the first job its time begins anew. */
  | {readonly type: 'guest-busy'; readonly remainingSeconds: number}
  | {readonly type: 'guest-idle'}
  /** What the guest says that it is doing: anything, of up to 1,024 bytes. */
  | {readonly type: 'guest-status'; readonly text: string}
  /** The guest's job has ended, and with it the run, but for the guest's shutdown. */
  | {readonly type: 'job-ended'; readonly exitCode: number}
  | {readonly type: 'config-disk-ejected'}
  | {readonly type: 'deadline-near'; readonly remainingSeconds: number}
  /** `graceSeconds`: how long the guest has from now, on the rung `powerdown` or `agent`. */
  | {
      readonly type: 'shutting-down'
      readonly cause: ShutdownCause
      readonly rung: Rung
      readonly graceSeconds: number
    }
  /** The last event. `seconds`: from the start of the run. */
  | {readonly type: 'verdict'; readonly verdict: Verdict; readonly seconds: number}

/** What steps tell by themselves; that the run and its steps begin and end the pipeline tells. */
export type StepEvent = Exclude<RunEvent, {readonly type: 'run-started' | `step-${string}` | 'verdict'}>

export type RunListener = (event: RunEvent) => void

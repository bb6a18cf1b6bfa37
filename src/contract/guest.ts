import type {Writable} from 'node:stream'

/** What a guest has said of itself and its job so far. Times in milliseconds of `performance.now()`. */
export interface GuestReport {
  /** When it said that it is ready. */
  readonly readyAt: number | undefined
  /** When it first said that it is busy. */
  readonly busyAt: number | undefined
  /** Since when it is ready and has nothing to do. */
  readonly idleSince: number | undefined
  /** How its job ended. */
  readonly exitCode: number | undefined
  /** The same where the run was not to stop yet: then that, and nothing that comes after it, decides the verdict. */
  readonly decisiveExitCode: number | undefined
  /** Calls back whenever one of these has changed. */
  onChange(listener: () => void): void
  /** Takes bytes that came by the port `org.vmrun.status`. */
  hear(bytes: Uint8Array): void
}

/** Something that a guest prints. */
export interface GuestOutput {
  /** Where it goes; nowhere without it. */
  readonly writable: Writable | undefined
  /** Remembers the last of it, for the verdict. */
  keep(bytes: Uint8Array): void
}

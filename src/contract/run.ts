import type {FileHandle} from 'node:fs/promises'
import type {Architecture} from './architecture.js'
import type {ConfigDisk} from './config-disk.js'
import type {RunListener, StepEvent, StopCause} from './events.js'
import type {GuestOutput, GuestReport} from './guest.js'
import type {Instance} from './instance.js'
import type {JsonObject} from './json-value.js'
import type {Machine, RunningMachine} from './machine.js'

/** What a run starts from: what is run, and where. */
export interface RunInput {
  /** Checked, defaults applied. */
  readonly instance: Instance
  /** What the instance has for the keys that plugins contribute, checked by their schemas, by the keys' names. */
  readonly contributed: Readonly<Record<string, unknown>>
  /**
   * The instance's config, its placeholders resolved: secrets may be in it. In `plan`, and from when there is a machine, they
   * are as in the file. Keep nothing of it longer than you need it.
   */
  readonly config: JsonObject
  readonly architecture: Architecture
  readonly configDisk: ConfigDisk
  /**
   * Absolute; paths in it are relative to its directory. One without a place of its own is named as the user did, `-` or
   * `/dev/fd/63`, and paths in it are relative to the working directory.
   */
  readonly instancesFile: string
  /** What `--config` lays over the instance's config, which is done in `instance` already: named in the same way. */
  readonly jobConfig?: string | undefined
  /** The environment of vmrun. What steps start should not get all of it: secrets may be in it. */
  readonly environment: NodeJS.ProcessEnv
  /** An existing directory for large files: see `makeFile`. */
  readonly workDirectory: string
  /** An existing or future directory for what is worth remembering between runs. */
  readonly cacheDirectory: string
  /** Who QEMU runs as; vmrun's own user without it. */
  readonly user: HostUser | undefined
  /** What QEMU will be started with. */
  readonly commandLine: CommandLine
}

/**
 * One ephemeral execution of an instance, as every step is given it. `plan`, `run` and `ended` get the same object: what a
 * step has to know later it keeps in a `WeakMap` by it.
 */
export interface Run extends RunInput {
  /** Names this run among all runs on this host: twelve hexadecimal digits. */
  readonly id: string
  readonly stop: Stop
  /** Tells whoever watches the run. Nothing is told after the verdict. */
  emit(event: StepEvent): void
  /**
   * Says how a thing that was just made is removed again; `what` names it in the message when that fails. Whatever
   * happens, all that was deferred is undone by the step `cleanup`, last first. Each undo has 20 seconds: one that takes
   * longer or throws makes the run `infra-failed`, and keeps no other from running.
   */
  defer(what: string, undo: () => void | Promise<void>): void
  /**
   * Makes a file without a name in the work directory: it is gone when nobody has it open any more, however the run
   * ends. It is closed when the run ends, unless it is before. @throws HostError
   */
  makeFile(): Promise<{readonly writable: FileHandle; readonly readOnly: FileHandle}>
  /** Calls back with the machine as soon as its process is there, before its guest runs; at once where it is already. */
  onMachine(listener: (machine: Machine) => void): void
  /**
   * Calls back with each event of the run that comes from now on, such as `guest-ready`, until the verdict, which is the last.
   * What the listener throws is told, and changes nothing.
   */
  onEvent(listener: RunListener): void
  /** Says what must have held for the guest's end to count. `check` has 20 seconds; it throws a HostError when it did not. */
  mustHold(check: () => Promise<void>): void
}

/** A run as a step in the place of one of vmrun's own is given it: each further member is for the step that it names. */
export interface OwnRun extends Run {
  /** `run-record`, which nothing replaces, sets another where another run has that one. */
  user: HostUser | undefined
  /** `qemu`: the guest's serial console. */
  readonly console: GuestOutput
  /** `qemu`: what the guest's job prints, by the port `org.vmrun.log`. */
  readonly log: GuestOutput
  /** `qemu` has it hear what the guest says of its job, and `timeout-watch` acts on it. */
  readonly guest: GuestReport
  /** `qemu`: tells whoever waits for the machine that it is there. */
  announceMachine(machine: Machine): void
  /** `qemu` sets it when the guest runs, and `timeout-watch` watches it. */
  running: RunningMachine | undefined
  /** `timeout-watch`: looks at all that must have held. @throws HostError when something did not */
  checkHeld(): Promise<void>
  /** `cleanup`: undoes what was deferred. What it leaves is undone after the last step. */
  unwind(): Promise<void>
}

/** What QEMU will be started with: steps before `qemu` add to it. */
export interface CommandLine {
  readonly arguments: readonly string[]
  /** Open files that QEMU inherits. It may open no other file for a block device. */
  readonly inherited: readonly FileHandle[]
  /** Adds arguments. A path, or anything of a user's, belongs in JSON: `-device '{…}'`, `-blockdev '{…}'`. */
  add(...programArguments: readonly string[]): void
  /** Adds an open file, which stays the caller's to close. @returns the name by which QEMU opens it */
  inherit(file: FileHandle): string
}

/** The wish that a run end. */
export interface Stop {
  /** Aborted by the first request: stop in good order. */
  readonly signal: AbortSignal
  /** Aborted by the second request: skip to the end. */
  readonly forceSignal: AbortSignal
  /** The cause of the first request, which is the run's verdict. */
  readonly cause: StopCause | undefined
  request(cause: StopCause): void
}

/** A user of the host, by its numbers. */
export interface HostUser {
  /** For one without a name: its number. */
  readonly name: string
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
  /** Whether it is a number that was free, taken for one run. */
  readonly isTemporary?: boolean
}

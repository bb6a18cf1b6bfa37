import {randomBytes} from 'node:crypto'
import type {Writable} from 'node:stream'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDisk} from '../contract/config-disk.js'
import {isStepEvent, type RunEvent, type RunListener, type StepEvent} from '../contract/events.js'
import type {Instance} from '../contract/instance.js'
import type {JsonObject} from '../contract/json-value.js'
import type {Machine, RunningMachine} from '../contract/machine.js'
import type {CommandLine, HostUser, Run} from '../contract/run.js'
import {HostError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {pathIn} from '../host/path-in.js'
import {resourceHint} from '../host/resource-hint.js'
import {draftName, openUnnamed, type UnnamedFile} from '../host/unnamed-file.js'
import {otherWorkDirectory} from '../host/work-directory.js'
import {withinLimit} from '../time/within-limit.js'
import {StopRequest} from './stop-request.js'
import {type Undo, UndoStack} from './undo-stack.js'

/** How long a look at what must have held may take, in milliseconds. */
const checkLimit = 20_000

/** What a run starts from. */
export interface RunOptions {
  readonly instance: Instance
  /** The instance's config, its placeholders resolved: secrets may be in it. */
  readonly config: JsonObject
  /** What the instance has for the keys that plugins contribute. */
  readonly contributed: Readonly<Record<string, unknown>>
  readonly architecture: Architecture
  readonly configDisk: ConfigDisk
  /** As in the contract. */
  readonly instancesFile: string
  readonly environment: NodeJS.ProcessEnv
  /** An existing directory for what the run writes. */
  readonly workDirectory: string
  /** Where to remember what was measured about this host. */
  readonly cacheDirectory: string
  /** Who QEMU runs as; vmrun's own user without it. */
  readonly user: HostUser | undefined
  /** What QEMU will be started with; empty yet. */
  readonly commandLine: CommandLine
  readonly onEvent: RunListener
}

/** One run of this process. Its members are described in the contract. */
export class EphemeralRun implements Run {
  readonly id = randomBytes(6).toString('hex')
  readonly instance: Instance
  config: JsonObject
  readonly contributed: Readonly<Record<string, unknown>>
  readonly architecture: Architecture
  readonly configDisk: ConfigDisk
  readonly instancesFile: string
  readonly environment: NodeJS.ProcessEnv
  readonly workDirectory: string
  readonly cacheDirectory: string
  user: HostUser | undefined
  readonly commandLine: CommandLine
  readonly stop = new StopRequest()
  console: Writable | undefined
  running: RunningMachine | undefined
  #machine: Machine | undefined
  readonly #machineListeners: Array<(machine: Machine) => void> = []
  readonly #conditions: Array<() => Promise<void>> = []
  /** Tells whoever watches the run; nothing more once the verdict was told. */
  readonly tell: (event: RunEvent) => void
  readonly #undo = new UndoStack()

  readonly emit = (event: StepEvent): void => {
    if (isStepEvent(event)) {
      this.tell(event)
    }
  }

  constructor(options: RunOptions) {
    this.instance = options.instance
    this.config = options.config
    this.contributed = options.contributed
    this.architecture = options.architecture
    this.configDisk = options.configDisk
    this.instancesFile = options.instancesFile
    this.environment = options.environment
    this.workDirectory = options.workDirectory
    this.cacheDirectory = options.cacheDirectory
    this.user = options.user
    this.commandLine = options.commandLine
    this.tell = untilVerdict(options.onEvent)
  }

  get signal(): AbortSignal {
    return this.stop.signal
  }

  onMachine(listener: (machine: Machine) => void): void {
    if (this.#machine === undefined) {
      this.#machineListeners.push(listener)
    } else {
      listener(this.#machine)
    }
  }

  announceMachine(machine: Machine): void {
    this.#machine = machine
    // Who needs its secrets has them by now, and the guest may take them off this host.
    this.config = this.instance.config
    for (const listener of this.#machineListeners) {
      listener(machine)
    }
  }

  defer(what: string, undo: Undo): void {
    this.#undo.defer(what, undo)
  }

  unwind(): Promise<void> {
    return this.#undo.unwind()
  }

  /** Undoes what is left. What a step that nobody waits for defers from now on is undone at once. */
  close(): Promise<void> {
    return this.#undo.close()
  }

  /** Waits for what such a step deferred. @throws HostError when something could not be undone */
  settle(): Promise<void> {
    return this.#undo.settle()
  }

  mustHold(check: () => Promise<void>): void {
    this.#conditions.push(check)
  }

  async checkHeld(): Promise<void> {
    for (const check of this.#conditions) {
      await withinLimit(checkLimit, check)
    }
  }

  async makeFile(): Promise<UnnamedFile> {
    try {
      const file = await openUnnamed(this.workDirectory, draftOf(this))
      this.defer('a file without a name', async () => {
        await Promise.all([file.writable.close(), file.readOnly.close()])
      })
      return file
    } catch (error) {
      throw new HostError(
        `cannot make a file in the work directory ${this.workDirectory}: ${messageOf(error)}`,
        {
          hint:
            resourceHint(error, otherWorkDirectory) ??
            'Name a work directory that you can write to with --work-dir or VMRUN_WORK_DIR.',
          cause: error,
        },
      )
    }
  }
}

/** The one name that a file of a run may have for a moment: see `makeFile`. */
export function draftOf({id, workDirectory}: Pick<Run, 'id' | 'workDirectory'>): string {
  return pathIn(workDirectory, draftName(id))
}

/** What goes on in the background may be late; the verdict is the last event all the same. */
function untilVerdict(listener: RunListener): RunListener {
  let over = false
  return event => {
    if (!over) {
      over = event.type === 'verdict'
      listener(event)
    }
  }
}

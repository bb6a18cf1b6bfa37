import {randomBytes} from 'node:crypto'
import type {FileHandle} from 'node:fs/promises'
import path from 'node:path'
import type {Writable} from 'node:stream'
import {HostError} from '../errors.js'
import {resourceHint} from '../host/resource-hint.js'
import {draftName, openUnnamed, type UnnamedFile} from '../host/unnamed-file.js'
import {otherWorkDirectory} from '../host/work-directory.js'
import type {Instance, JsonObject} from '../instances/instance.js'
import {messageOf} from '../thrown.js'
import type {RunEvent, RunListener} from './events.js'
import type {Machine, RunningMachine} from './machine.js'
import {StopRequest} from './stop-request.js'
import {type Undo, UndoStack} from './undo-stack.js'

/** What a run starts from. */
export interface RunOptions {
  readonly instance: Instance
  /** The instance's config, its placeholders resolved: secrets may be in it. */
  readonly config: JsonObject
  /** An existing directory for what the run writes. */
  readonly workDirectory: string
  readonly onEvent: RunListener
}

/** One ephemeral execution of an instance. */
export class Run {
  /** Names this run among all runs on this host. */
  readonly id = randomBytes(6).toString('hex')
  readonly instance: Instance
  readonly config: JsonObject
  readonly workDirectory: string
  /** The one name that a file of the run may have for a moment: see `makeFile`. */
  readonly draft: string
  /** The arguments that the steps so far have put together for the machine. */
  readonly machineArguments: string[] = []
  /** Open files that the machine inherits. */
  readonly inherited: FileHandle[] = []
  readonly stop = new StopRequest()
  /** Where the guest's serial console goes; nowhere without it. */
  console: Writable | undefined
  /** The machine, from when its guest runs. */
  running: RunningMachine | undefined
  readonly #machineListeners: Array<(machine: Machine) => void> = []
  readonly #conditions: Array<() => Promise<void>> = []
  /** Tells whoever watches the run; nothing more once the verdict was told. */
  readonly emit: (event: RunEvent) => void
  readonly #undo = new UndoStack()

  constructor(options: RunOptions) {
    this.instance = options.instance
    this.config = options.config
    this.workDirectory = options.workDirectory
    this.draft = path.join(options.workDirectory, draftName(this.id))
    this.emit = untilVerdict(options.onEvent)
  }

  /** Aborted when the run is to end. */
  get signal(): AbortSignal {
    return this.stop.signal
  }

  /** Calls back with the machine as soon as its process is there, before its guest runs. */
  onMachine(listener: (machine: Machine) => void): void {
    this.#machineListeners.push(listener)
  }

  /** Tells whoever waits for the machine that it is there. */
  announceMachine(machine: Machine): void {
    for (const listener of this.#machineListeners) {
      listener(machine)
    }
  }

  /** Says how a thing that was just made is removed again. `what` names it in the message when that fails. */
  defer(what: string, undo: Undo): void {
    this.#undo.defer(what, undo)
  }

  /** Undoes what was deferred, last first. */
  unwind(): Promise<void> {
    return this.#undo.unwind()
  }

  /** Says what must have held for the guest's end to count; `check` throws a HostError when it did not. */
  mustHold(check: () => Promise<void>): void {
    this.#conditions.push(check)
  }

  /** @throws HostError when something did not hold that the guest's end depends on */
  async checkHeld(): Promise<void> {
    for (const check of this.#conditions) {
      await check()
    }
  }

  /**
   * Makes a file without a name in the work directory. It is open until the run ends, unless it is closed before.
   *
   * @throws HostError
   */
  async makeFile(): Promise<UnnamedFile> {
    try {
      const file = await openUnnamed(this.workDirectory, this.draft)
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

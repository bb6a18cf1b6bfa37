import {randomBytes} from 'node:crypto'
import {mkdirSync, rmSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import path from 'node:path'
import type {Writable} from 'node:stream'
import {HostError} from '../errors.js'
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
  /** An existing directory for the run's own. */
  readonly workDirectory: string
  readonly onEvent: RunListener
}

/** One ephemeral execution of an instance. */
export class Run {
  /** Names this run among all runs on this host. */
  readonly id = randomBytes(6).toString('hex')
  readonly instance: Instance
  readonly config: JsonObject
  /** Where the run keeps its files while it lasts; there from `makeDirectory` on, and private to its user. */
  readonly directory: string
  /** The arguments that the steps so far have put together for the machine. */
  readonly machineArguments: string[] = []
  readonly stop = new StopRequest()
  /** Where the guest's serial console goes; nowhere without it. */
  console: Writable | undefined
  /** The machine, from when its guest runs. */
  running: RunningMachine | undefined
  readonly #machineListeners: Array<(machine: Machine) => void> = []
  /** Tells whoever watches the run; nothing more once the verdict was told. */
  readonly emit: (event: RunEvent) => void
  readonly #undo = new UndoStack()

  constructor(options: RunOptions) {
    this.instance = options.instance
    this.config = options.config
    this.directory = path.join(options.workDirectory, `vmrun-${this.id}`)
    this.emit = untilVerdict(options.onEvent)
  }

  /** Aborted when the run is to end. */
  get signal(): AbortSignal {
    return this.stop.signal
  }

  /** Calls back with the machine when it is there, before its guest runs. */
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

  /** Makes the run's own directory, mode 0700. @throws HostError */
  makeDirectory(): void {
    try {
      mkdirSync(this.directory, {mode: 0o700})
    } catch (error) {
      throw new HostError(`cannot make the directory ${this.directory}: ${messageOf(error)}`, {
        hint: 'Name a work directory that you can write to with --work-dir or VMRUN_WORK_DIR.',
        cause: error,
      })
    }

    // Should this process end before the steps are undone, by a bug, there is no time left but for this.
    const removeAtOnce = (): void => rmSync(this.directory, {recursive: true, force: true})
    process.once('exit', removeAtOnce)
    this.defer(this.directory, async () => {
      await rm(this.directory, {recursive: true, force: true})
      process.off('exit', removeAtOnce)
    })
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

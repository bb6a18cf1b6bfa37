import {setTimeout as sleep} from 'node:timers/promises'
import {isJsonObject, type JsonObject} from '../../contract/json-value.js'
import type {MachineEnd} from '../../contract/machine.js'
import {settled} from '../../time/timer.js'
import {QmpClient, type QmpEvent} from '../qmp/client.js'
import {
  endByCorruptImage,
  endByDiskError,
  endByExit,
  endByLostConnection,
  endByPanic,
  endByShutdown,
  endByStatus,
} from './machine-end.js'
import type {QemuProcess} from './process.js'

/** How long QEMU may take to exit once it is about to, in milliseconds. */
const exitLimit = 10_000

/** Who wants to know of the events of one name. */
interface EventListener {
  readonly event: string
  readonly tell: (data: JsonObject) => void
}

/** Watches over a QEMU: what its guest does, and how its machine ends. The first thing that tells the end decides. */
export class MachineWatch {
  /** Settles when the process is gone; never rejects. */
  readonly ended: Promise<MachineEnd>
  readonly qmp: QmpClient
  readonly #process: QemuProcess
  readonly #listeners: EventListener[] = []
  #end: MachineEnd | undefined

  constructor(process: QemuProcess) {
    this.#process = process
    this.qmp = new QmpClient(process.qmp, event => this.#handle(event))
    this.ended = this.#untilGone()
  }

  /** Kills the process; `end` is how the machine ended, unless something told before. */
  end(end: MachineEnd): void {
    this.#end ??= end
    this.#process.kill()
  }

  /** Calls back with the data of each event of this name; what the listener throws, it throws where nobody waits for it. */
  on(event: string, listener: (data: JsonObject) => void): void {
    this.#listeners.push({event, tell: data => queueMicrotask(() => listener(data))})
  }

  async #untilGone(): Promise<MachineEnd> {
    const {exited} = this.#process
    await this.qmp.closed
    // A process without its connection can be neither asked nor watched.
    await Promise.race([exited, this.#killLater(endByLostConnection)])
    const exit = await exited
    return this.#end ?? endByExit(exit)
  }

  #handle(event: QmpEvent): void {
    this.#takeNote(event)
    for (const {tell} of this.#listeners.filter(one => one.event === event.name)) {
      tell(event.data)
    }
  }

  /** Looks whether an event tells of the machine's end. */
  #takeNote(event: QmpEvent): void {
    switch (event.name) {
      case 'SHUTDOWN':
        this.#end ??= endByShutdown(event)
        this.#killLater().catch(() => undefined)
        break
      case 'GUEST_PANICKED':
        this.#end ??= endByPanic(event)
        break
      case 'BLOCK_IO_ERROR':
        this.#endBy(endByDiskError(event))
        break
      case 'BLOCK_IMAGE_CORRUPTED':
        this.#endBy(endByCorruptImage(event))
        break
      case 'STOP':
        this.#askWhyStopped()
        break
      default:
        break
    }
  }

  #endBy(end: MachineEnd | undefined): void {
    if (end !== undefined) {
      this.end(end)
    }
  }

  /** Kills the process when it does not exit as it should. */
  async #killLater(why?: () => MachineEnd): Promise<void> {
    const exited = settled(this.#process.exited)
    const overdue = await sleep(exitLimit, true, {ref: false, signal: exited}).catch(() => false)
    if (overdue) {
      this.#end ??= why?.()
      this.#process.kill()
    }
  }

  #askWhyStopped(): void {
    this.qmp.execute('query-status').then(
      result => this.#endBy(isJsonObject(result) ? endByStatus(String(result['status'])) : undefined),
      // Gone meanwhile: its end tells why.
      () => undefined,
    )
  }
}

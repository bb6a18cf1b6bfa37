import {isJsonObject, type JsonObject} from '../../contract/json-value.js'
import type {MachineEnd} from '../../contract/machine.js'
import {settled, waitUntil} from '../../time/timer.js'
import {QmpClient, type QmpEvent} from '../qmp/client.js'
import {endByEvent, endByExit, endByLostConnection, endByStatus} from './machine-end.js'
import type {QemuProcess} from './process.js'

/** How long QEMU may take to exit once it is about to, in milliseconds. */
const exitLimit = 10_000

/** Watches over a QEMU: what its guest does, and how its machine ends. The first thing that tells the end decides. */
export class MachineWatch {
  /** Settles when the process is gone; never rejects. */
  readonly ended: Promise<MachineEnd>
  readonly qmp: QmpClient
  readonly #process: QemuProcess
  readonly #listeners: [event: string, listener: (data: JsonObject) => void][] = []
  #end: MachineEnd | undefined

  constructor(process: QemuProcess) {
    this.#process = process
    this.qmp = new QmpClient(process.connections.qmp, event => this.#handle(event))
    this.ended = this.#untilGone()
  }

  /** Kills the process; `end` is how the machine ended, unless something told before. */
  end(end: MachineEnd): void {
    this.#end ??= end
    this.#process.kill()
  }

  /** Calls back with the data of each event of this name; what the listener throws, it throws where nobody waits for it. */
  on(event: string, listener: (data: JsonObject) => void): void {
    this.#listeners.push([event, listener])
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
    const end = endByEvent(event)
    this.#end ??= end
    if (event.name === 'SHUTDOWN') {
      this.#killLater().catch(() => undefined)
    } else if (event.name === 'STOP') {
      this.#askWhyStopped()
    } else if (end !== undefined && event.name !== 'GUEST_PANICKED') {
      // QEMU goes on without a disk that works.
      this.#process.kill()
    }

    for (const [name, listener] of this.#listeners) {
      if (name === event.name) {
        queueMicrotask(() => listener(event.data))
      }
    }
  }

  /** Kills the process when it does not exit as it should. */
  async #killLater(why?: () => MachineEnd): Promise<void> {
    if (await waitUntil(performance.now() + exitLimit, settled(this.#process.exited))) {
      this.#end ??= why?.()
      this.#process.kill()
    }
  }

  #askWhyStopped(): void {
    this.qmp.execute('query-status').then(
      result => {
        const end = isJsonObject(result) ? endByStatus(String(result['status'])) : undefined
        if (end !== undefined) {
          this.end(end)
        }
      },
      // Gone meanwhile: its end tells why.
      () => undefined,
    )
  }
}

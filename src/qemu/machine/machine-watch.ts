import {setTimeout as sleep} from 'node:timers/promises'
import {isRecord} from '../../contract/json-value.js'
import type {MachineEnd} from '../../contract/machine.js'
import {settled} from '../../time/settled.js'
import {QmpClient} from '../qmp/client.js'
import type {QmpEvent} from '../qmp/messages.js'
import {atMostEvery} from './at-most-every.js'
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

/**
 * Resets closer to each other than this are told as one, in milliseconds: a firmware may reset once more by itself, and
 * a guest may do nothing else.
 */
const resetInterval = 1000

/** The tray of a device, and whether it was ever opened. */
interface Tray {
  readonly opened: Promise<void>
  readonly open: () => void
}

/** Watches over a QEMU: what its guest does, and how its machine ends. The first thing that tells the end decides. */
export class MachineWatch {
  /** Settles when the process is gone; never rejects. */
  readonly ended: Promise<MachineEnd>
  readonly qmp: QmpClient
  readonly #process: QemuProcess
  readonly #trays = new Map<string, Tray>()
  #onReset: () => void = () => undefined
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

  /** Calls back when the guest is reset and goes on; once for resets in quick succession. */
  onReset(listener: () => void): void {
    this.#onReset = atMostEvery(resetInterval, listener)
  }

  /** Settles when the guest opens the tray of a device for the first time. */
  trayOpened(device: string): Promise<void> {
    return this.#tray(device).opened
  }

  #tray(device: string): Tray {
    const tray = this.#trays.get(device) ?? newTray()
    this.#trays.set(device, tray)
    return tray
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
      case 'RESET':
        if (event.data['guest'] === true) {
          this.#onReset()
        }

        break
      case 'DEVICE_TRAY_MOVED':
        if (event.data['tray-open'] === true) {
          this.#tray(String(event.data['id'])).open()
        }

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
      result => this.#endBy(isRecord(result) ? endByStatus(String(result['status'])) : undefined),
      // Gone meanwhile: its end tells why.
      () => undefined,
    )
  }
}

function newTray(): Tray {
  let open: () => void = () => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return {opened, open}
}

import type {Readable} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import {HostError} from '../errors.js'
import type {Machine, MachineEnd} from '../pipeline/machine.js'
import {settled} from '../pipeline/settled.js'
import {atMostEvery} from './at-most-every.js'
import {filesOf} from './block-nodes.js'
import {
  endByDiskError,
  endByExit,
  endByLostConnection,
  endByPanic,
  endByShutdown,
  endByStatus,
} from './machine-end.js'
import {type QemuProcess, spawnQemu} from './process.js'
import {QmpClient, QmpClosedError} from './qmp/client.js'
import {isRecord, type QmpEvent} from './qmp/messages.js'
import {removeMedium} from './remove-medium.js'

/** How long QEMU may take to exit once it is about to, in milliseconds. */
const exitLimit = 10_000

/**
 * Resets closer to each other than this are told as one, in milliseconds: a firmware may reset once more by itself, and
 * a guest may do nothing else.
 */
const resetInterval = 1000

/** A machine in a QEMU of its own. */
export class QemuMachine implements Machine {
  readonly ended: Promise<MachineEnd>
  readonly #process: QemuProcess
  readonly #qmp: QmpClient
  readonly #trayListeners = new Map<string, () => void>()
  #onReset: () => void = () => undefined
  /** The first thing that told how the machine ends. */
  #end: MachineEnd | undefined

  /**
   * Starts a QEMU whose guest does not run yet.
   *
   * @param programArguments with those of `supervisedArguments`
   * @param directory QEMU's working directory
   * @throws HostError when the program cannot be started
   */
  static async spawn(
    program: string,
    programArguments: readonly string[],
    directory: string,
  ): Promise<QemuMachine> {
    return new QemuMachine(await spawnQemu(program, programArguments, directory))
  }

  private constructor(process: QemuProcess) {
    this.#process = process
    this.#qmp = new QmpClient(process.qmp, event => this.#handle(event))
    this.ended = this.#watch()
  }

  get pid(): number {
    return this.#process.pid
  }

  /** What the guest sends to its serial port. Whoever starts the machine has to read it. */
  get console(): Readable {
    return this.#process.console
  }

  /** Waits until QEMU has built the machine. @throws HostError with what QEMU said when it refused */
  async ready(): Promise<void> {
    try {
      await this.#qmp.negotiate()
    } catch (error) {
      throw await this.#whyClosed(error)
    }
  }

  /** Lets the guest run. @throws HostError */
  async start(): Promise<void> {
    try {
      await this.#qmp.execute('cont')
    } catch (error) {
      throw await this.#whyClosed(error)
    }
  }

  async powerDown(): Promise<void> {
    await this.#qmp.execute('system_powerdown')
  }

  async quit(): Promise<void> {
    await this.#qmp.execute('quit')
  }

  kill(): void {
    this.#end ??= {how: 'stopped'}
    this.#process.kill()
  }

  /** Calls back when the guest is reset and goes on; once for resets in quick succession. */
  onReset(listener: () => void): void {
    this.#onReset = atMostEvery(resetInterval, listener)
  }

  async trayOpened(device: string): Promise<void> {
    await new Promise<void>(resolve => {
      this.#trayListeners.set(device, resolve)
    })
  }

  async removeMedium(medium: {readonly device: string; readonly node: string}): Promise<void> {
    await removeMedium(this.#qmp, medium)
  }

  /** The files that QEMU has open as disks. @throws HostError */
  async openFiles(): Promise<readonly string[]> {
    return filesOf(await this.#qmp.execute('query-named-block-nodes', {flat: true}))
  }

  async #watch(): Promise<MachineEnd> {
    const {exited} = this.#process
    await this.#qmp.closed
    // A process without its connection can be neither asked nor watched.
    await Promise.race([exited, this.#killLater(endByLostConnection)])
    const exit = await exited
    return this.#end ?? endByExit(exit)
  }

  async #whyClosed(error: unknown): Promise<unknown> {
    if (!(error instanceof QmpClosedError)) {
      return error
    }

    const end = await this.ended
    return end.how === 'failed' ? end.error : new HostError('QEMU ended before the guest ran', {cause: error})
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
        this.#fail(endByDiskError(event))
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
          this.#trayListeners.get(String(event.data['id']))?.()
        }

        break
      default:
        break
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
    this.#qmp.execute('query-status').then(
      result => this.#fail(isRecord(result) ? endByStatus(String(result['status'])) : undefined),
      // Gone meanwhile: its end tells why.
      () => undefined,
    )
  }

  #fail(end: MachineEnd | undefined): void {
    if (end !== undefined) {
      this.#end ??= end
      this.#process.kill()
    }
  }
}

import type {Readable} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import {HostError} from '../errors.js'
import type {Machine, MachineEnd} from '../pipeline/machine.js'
import {endByDiskError, endByExit, endByShutdown, endByStatus} from './machine-end.js'
import {type QemuProcess, spawnQemu} from './process.js'
import {QmpClient, QmpClosedError} from './qmp/client.js'
import {isRecord, type QmpEvent} from './qmp/messages.js'

/** How long QEMU may take to exit once it has closed its connection, in milliseconds. */
const exitLimit = 2000

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
  #toldReset = Number.NEGATIVE_INFINITY
  #onReset: () => void = () => undefined
  /** The first thing that told how the machine ends. */
  #end: MachineEnd | undefined

  /**
   * Starts a QEMU whose guest does not run yet.
   *
   * @param programArguments with those of `supervisedArguments`
   * @throws HostError when the program cannot be started
   */
  static async spawn(program: string, programArguments: readonly string[]): Promise<QemuMachine> {
    return new QemuMachine(await spawnQemu(program, programArguments))
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
    this.#onReset = listener
  }

  onTrayOpened(device: string, listener: () => void): void {
    this.#trayListeners.set(device, listener)
  }

  async removeMedium({device, node}: {readonly device: string; readonly node: string}): Promise<void> {
    await this.#qmp.execute('blockdev-remove-medium', {id: device})
    await this.#qmp.execute('blockdev-del', {'node-name': node})
  }

  async #watch(): Promise<MachineEnd> {
    const {exited} = this.#process
    await this.#qmp.closed
    // A process without its connection can be neither asked nor watched.
    await Promise.race([exited, sleep(exitLimit, undefined, {ref: false}).then(() => this.#process.kill())])
    return this.#end ?? endByExit(await exited)
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
        break
      case 'BLOCK_IO_ERROR':
        this.#fail(endByDiskError(event))
        break
      case 'STOP':
        this.#askWhyStopped()
        break
      case 'RESET':
        this.#tellReset(event)
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

  #tellReset({data}: QmpEvent): void {
    const now = performance.now()
    if (data['guest'] === true && now - this.#toldReset > resetInterval) {
      this.#toldReset = now
      this.#onReset()
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

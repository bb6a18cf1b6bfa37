import type {FileHandle} from 'node:fs/promises'
import {isRecord, type JsonObject, type JsonValue} from '../../contract/json-value.js'
import type {Machine, MachineEnd, MachineQuery} from '../../contract/machine.js'
import {HostError} from '../../errors/errors.js'
import type {Command} from '../fence/confine.js'
import {type QmpClient, QmpClosedError, QmpError} from '../qmp/client.js'
import {MachineWatch} from './machine-watch.js'
import {type Connections, type QemuProcess, setOf, spawnQemu} from './process.js'

/** What `MachineQuery` names. */
const query = /^(?:query-[\w-]+|qom-get|qom-list)$/u

/** A machine in a QEMU of its own. */
export class QemuMachine implements Machine {
  readonly pid: number
  readonly ended: Promise<MachineEnd>
  /** What leads to the guest. Whoever starts the machine has to read what it sends. */
  readonly connections: Omit<Connections, 'qmp'>
  readonly #watch: MachineWatch
  readonly #qmp: QmpClient
  /** Settles when QEMU takes commands, which it does when it has built the machine. */
  readonly #built: Promise<void>

  /**
   * Starts a QEMU whose guest does not run yet.
   *
   * @param command with the arguments of `supervisedArguments`
   * @param inherited the files that it inherits
   * @throws HostError when the program cannot be started
   */
  static async spawn(command: Command, inherited: readonly FileHandle[] = []): Promise<QemuMachine> {
    return new QemuMachine(await spawnQemu(command, inherited))
  }

  private constructor(process: QemuProcess) {
    this.pid = process.pid
    this.connections = process.connections
    this.#watch = new MachineWatch(process)
    this.#qmp = this.#watch.qmp
    this.ended = this.#watch.ended
    this.#built = this.#qmp.negotiate()
    this.#built.catch(() => undefined)
  }

  /** Waits until QEMU has built the machine. @throws HostError with what QEMU said when it refused */
  async ready(): Promise<void> {
    await this.#asked(this.#built)
  }

  /** Lets the guest run. @throws HostError */
  async start(): Promise<void> {
    await this.#asked(this.#qmp.execute('cont'))
  }

  async powerDown(): Promise<void> {
    await this.#qmp.execute('system_powerdown')
  }

  async quit(): Promise<void> {
    await this.#qmp.execute('quit')
  }

  kill(): void {
    this.#watch.end({how: 'stopped'})
  }

  fail(error: HostError): void {
    this.#watch.end({how: 'failed', error})
  }

  async execute(command: MachineQuery, commandArguments?: JsonObject): Promise<JsonValue> {
    // Types do not bind what a plugin is written in.
    if (!query.test(command)) {
      throw new Error(`${command} is no command that a machine can be asked: query-*, qom-get or qom-list`)
    }

    await this.#built
    return await this.#qmp.execute(command, commandArguments)
  }

  on(event: string, listener: (data: JsonObject) => void): void {
    this.#watch.on(event, listener)
  }

  trayOpened(device: string): Promise<void> {
    return new Promise(resolve => {
      this.on('DEVICE_TRAY_MOVED', data => {
        if (data['id'] === device && data['tray-open'] === true) {
          resolve()
        }
      })
    })
  }

  async removeMedium({device, node}: {readonly device: string; readonly node: string}): Promise<void> {
    try {
      await this.#qmp.execute('blockdev-remove-medium', {id: device})
    } catch (error) {
      if (!(error instanceof QmpError)) {
        throw error
      }

      // The guest has closed the tray meanwhile.
      await this.#qmp.execute('blockdev-open-tray', {id: device, force: true})
      await this.#qmp.execute('blockdev-remove-medium', {id: device})
    }

    await this.#qmp.execute('blockdev-del', {'node-name': node})
  }

  async closeInherited(name: string): Promise<void> {
    await this.#qmp.execute('remove-fd', {'fdset-id': setOf(name)})
  }

  /** The files that QEMU has open as disks. @throws HostError */
  async openFiles(): Promise<readonly string[]> {
    return filesOf(await this.#asked(this.#qmp.execute('query-named-block-nodes', {flat: true})))
  }

  /** What QEMU answers before the guest runs; where it is gone, why. */
  async #asked<Result>(answer: Promise<Result>): Promise<Result> {
    try {
      return await answer
    } catch (error) {
      if (!(error instanceof QmpClosedError)) {
        throw error
      }

      const end = await this.ended
      throw end.how === 'failed'
        ? end.error
        : new HostError('QEMU ended before the guest ran', {cause: error})
    }
  }
}

/** Block drivers that only interpret what another one reads. */
const formats: ReadonlySet<string> = new Set(['qcow2', 'raw'])

/** The files behind the block nodes that `query-named-block-nodes` tells of (QEMU QMP Reference Manual). */
export function filesOf(nodes: unknown): readonly string[] {
  return (Array.isArray(nodes) ? nodes : [])
    .filter(isRecord)
    .filter(({drv}) => !formats.has(String(drv)))
    .map(({file}) => String(file))
}

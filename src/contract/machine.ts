import type {HostError} from '../errors/errors.js'
import type {JsonObject, JsonValue} from './json-value.js'

/**
 * What a machine can be asked over QMP: every command of the QEMU QMP Reference Manual that changes nothing. What ends,
 * pauses or reconfigures a machine (`quit`, `stop`, `device_add`, `human-monitor-command` and their like) is vmrun's alone:
 * only so can it tell how the guest ended, and what of the host QEMU has open.
 */
export type MachineQuery = `query-${string}` | 'qom-get' | 'qom-list'

/** A virtual machine with a process of its own. */
export interface Machine {
  readonly pid: number
  /** Settles when the process is gone; never rejects. */
  readonly ended: Promise<MachineEnd>
  /**
   * Asks QEMU something, with the arguments that the manual names, and gives the answer. Before the guest runs it waits
   * until QEMU has built the machine. @throws HostError when QEMU refuses, with what it says, or is gone, and an Error for a
   * command that is no query
   */
  execute(command: MachineQuery, commandArguments?: JsonObject): Promise<JsonValue>
  /**
   * Calls back with the data of each event that QEMU tells by this name in the manual, such as `RESET`, until it is gone.
   * What the listener throws is told, and changes nothing.
   */
  on(event: string, listener: (data: JsonObject) => void): void
  /** Presses the power button. The guest may ignore it. As all that is asked of QEMU, it rejects when QEMU is gone. */
  powerDown(): Promise<void>
  /** Ends the machine without asking the guest. */
  quit(): Promise<void>
  /** Ends the process without asking it. */
  kill(): void
  /** Ends the process because something failed that it depends on. */
  fail(error: HostError): void
  /** Settles when the guest opens the tray of the device with this id for the first time. */
  trayOpened(device: string): Promise<void>
  /** Takes the medium out of a device whose tray was opened, and closes the file behind it. */
  removeMedium(medium: {readonly device: string; readonly node: string}): Promise<void>
  /** Closes an inherited file that is in use no more; `name` is what it was handed over as. */
  closeInherited(name: string): Promise<void>
}

/** A machine whose guest runs. */
export interface RunningMachine {
  readonly machine: Machine
  /** What runs the guest's instructions. */
  readonly accelerator: string
  /** When the guest started to run, in milliseconds of `performance.now()`. */
  readonly since: number
  /** None where the machine has no ports. */
  readonly ports?: GuestPorts
}

/** How a guest that runs is talked to. */
export interface GuestPorts {
  /** Settles when all is heard that the guest said of its job before its machine was gone. */
  heard(): Promise<void>
  /** Says a word on the port `org.vmrun.control`, to which the guest may not listen. */
  tell(word: 'config' | 'drain'): void
  /** Asks the guest's agent to shut it down; not there where the guest has none. */
  shutDown?(): Promise<void>
}

/** How a machine ended. */
export type MachineEnd =
  /** The guest shut itself down, by its own wish or as the power button asked. */
  | {readonly how: 'powered-off'}
  /** The guest crashed; `what` completes "the guest …". */
  | {readonly how: 'crashed'; readonly what: string}
  /** vmrun ended it, by `quit` or `kill`. */
  | {readonly how: 'stopped'}
  /** QEMU or the host failed. */
  | {readonly how: 'failed'; readonly error: HostError}

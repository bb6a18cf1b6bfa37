import type {HostError} from '../errors/errors.js'

/** A virtual machine with a process of its own. */
export interface Machine {
  readonly pid: number
  /** Settles when the process is gone; never rejects. */
  readonly ended: Promise<MachineEnd>
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

import type {Architecture} from '../architectures/architecture.js'
import type {ConfigDiskChoice} from '../instances/instance.js'
import type {Machine} from '../pipeline/machine.js'

/** One kind of config disk. */
export interface ConfigDiskKind {
  /** As in the `config-disk` key of an instance. */
  readonly name: string
  /** What it is, for the title of the step. */
  readonly title: string
  /**
   * Looks at the options that an instance gives for its config disk.
   *
   * @throws UsageError when they do not fit
   */
  configure(choice: ConfigDiskChoice, architecture: Architecture): ConfigDisk
}

/** A config disk as one instance wants it. */
export interface ConfigDisk {
  /** QEMU's arguments for the image in `file`. */
  readonly arguments: (file: string) => readonly string[]
  /**
   * Called with the machine before its guest runs, for what has to be done while it does.
   *
   * @returns settles when the guest has put the disk away for good and QEMU has closed its file; rejects when the guest
   *   did and QEMU still has it open
   */
  readonly watch: (machine: Machine) => Promise<void>
}

import type {Architecture} from './architecture.js'
import type {ConfigDiskChoice} from './instance.js'
import type {JsonObject} from './json-value.js'
import type {Machine} from './machine.js'

/** One kind of config disk: how a guest gets its configuration. */
export interface ConfigDiskKind {
  /** As in the `config-disk` key of an instance, or in its `kind`. Unique among all plugins. */
  readonly name: string
  /**
   * Looks at what an instance asks for. Called by `validate`, `doctor`, `build-iso` and `run`, so that they find what is
   * wrong before anything is started. Makes nothing, and so has nothing to undo.
   *
   * @param choice the kind and its further options, as in the instances file: of the options, nothing is checked yet
   * @param architecture the instance's
   * @param config the instance's, its placeholders as they stand in the file
   * @throws UsageError when the options do not fit
   */
  configure(choice: ConfigDiskChoice, architecture: Architecture, config: JsonObject): ConfigDisk
}

/** A config disk as one instance wants it. */
export interface ConfigDisk {
  /** What it is, for people: `CD-ROM`. */
  readonly title: string
  /**
   * QEMU's arguments for the image in `file`, which any character may be in: name it in JSON. Called once in a run,
   * and by `--dry-run`.
   */
  arguments(file: string): readonly string[]
  /**
   * What is on the disk: a volume that vmrun writes as ISO 9660, or the very bytes of the image. Called in each run and
   * by `build-iso`. Default: the volume `instance-configuration` with the one file `instance.json`.
   *
   * The same source must give the same bytes. They are secret, and so an error that is none of vmrun's is not shown but for
   * its class. The bytes of an image are overwritten once they are on the disk.
   */
  content?(source: ConfigSource): ConfigVolume | Uint8Array
  /**
   * Called with the machine before its guest runs, for what has to be done while it does.
   *
   * @returns settles when the guest has put the disk away for good and QEMU has closed its file, which the run then does
   *   too; rejects when the guest did and QEMU still has it open, of which a notice tells
   */
  watch?(machine: Machine): Promise<void>
}

/** What a config disk is made from. */
export interface ConfigSource {
  /** The instance's. */
  readonly name: string
  /** Names the run, as `Run.id` does; undefined for `build-iso`, which is no run. */
  readonly run?: string
  /** The instance's, its placeholders resolved: secrets are in it. */
  readonly config: JsonObject
}

/** A volume with files in its root directory. */
export interface ConfigVolume {
  /** By which the guest finds it: 1 to 32 characters of printable ASCII, no space at either end. */
  readonly label: string
  /**
   * About a dozen fit. Each name is there once and has up to 64 characters, none of them a control character, one of
   * `* / : ; ? \`, or beyond U+FFFF. Text is written as UTF-8.
   */
  readonly files: ReadonlyArray<{readonly name: string; readonly content: string | Uint8Array}>
}

import type {FileHandle} from 'node:fs/promises'
import type {Writable} from 'node:stream'
import type {ZodType} from 'zod'
import type {HostError} from './errors.js'
import type {ConfigDiskChoice, Instance} from './instances/instance.js'
import type {JsonObject} from './instances/json-value.js'
import type {StepEvent} from './pipeline/events.js'
import type {StopCause} from './pipeline/stop-request.js'
import type {Verdict} from './pipeline/verdict.js'

/**
 * The contract between vmrun and whatever extends it: everything that a plugin may hold, and everything that it is
 * handed. The architectures, config disks, steps and placeholders that vmrun brings along are written against it too.
 *
 * What holds for every function of a plugin:
 * - It is called with the plugin's own object as `this`.
 * - A UsageError, HostError or GuestError that it throws, or rejects with, is shown as it is: message and hint. Any
 *   other is shown as the plugin's failure, by its message where nothing else is said, and counts as a HostError. No
 *   stack trace is shown.
 * - It prints nothing. What it has to say it returns, throws, or tells by `run.emit`.
 * - Nothing that it throws, or rejects with, keeps anything else from being cleaned up, and no other plugin from working.
 *   What it throws where nobody waits for it, in a timer of its own, is told, and changes nothing.
 *
 * What one plugin adds to vmrun is checked when it is loaded: a member that does not hold, or is not known, refuses all of
 * it. Names are letters, digits, `_`, `-` and `.`, where nothing else is said.
 */
export interface Plugin {
  /** The version of this contract that the plugin was written for. */
  readonly apiVersion: 1
  readonly architectures?: readonly Architecture[]
  readonly configDisks?: readonly ConfigDiskKind[]
  readonly steps?: readonly PlacedStep[]
  readonly placeholders?: readonly Placeholder[]
  readonly instanceKeys?: readonly InstanceKey[]
}

// Architectures -----------------------------------------------------------------------------------------------------

/** What QEMU has to be told about one kind of machine: data, read whenever an instance or `doctor` asks for it. */
export interface Architecture {
  /** As in the `arch` key of an instance. Unique among all plugins. */
  readonly name: string
  /** What `os.machine()` calls a host of this architecture: only there can the guest be accelerated. May be empty. */
  readonly hosts: readonly string[]
  /** QEMU, as it is found on the PATH. */
  readonly program: string
  /** Where the program comes from, for whoever has to install it. */
  readonly packages: Packages
  /** `-machine` */
  readonly machine: string
  /** `-cpu` where the guest's instructions are translated; an accelerated guest has the host's processor. */
  readonly emulatedCpu: string
  /** `-bios`: the first of `paths`, all absolute, that is there. None where QEMU brings the firmware along. */
  readonly firmware?: {readonly paths: readonly string[]; readonly packages: Packages}
  /** What the machine is equipped with. */
  readonly devices: Devices
  /**
   * False for a machine that has no power button: its guest is never asked to shut down, and a run that is to end goes
   * on to QEMU's `quit` at once. Default: true.
   */
  readonly powerButton?: boolean
  /** Further arguments for QEMU. They come before all that a run adds. */
  readonly arguments: readonly string[]
  /** Tells a sound accelerator of the host from a broken one. Without it, one that can be opened is taken for sound. */
  readonly probe?: AcceleratorProbe
  /**
   * What stands in the first sector of each disk that the firmware boots, offset and bytes: without it, vmrun warns that
   * there is nothing to boot. None where the firmware looks for files.
   */
  readonly bootSignature?: {readonly offset: number; readonly bytes: readonly number[]}
}

/** The devices of a machine, each as QEMU's `-device` takes it in JSON; vmrun adds what they are connected to. */
export interface Devices {
  /**
   * A disk, of which there may be two: the root disk, and the config disk of kind `virtio-blk`. `drive` and `bootindex`
   * are added.
   */
  readonly disk: DeviceOptions
  /** The network card. `netdev` is added. */
  readonly network: DeviceOptions
  /** What a SCSI CD-ROM is connected to. `id` is added. None where the machine has no SCSI. */
  readonly scsi?: DeviceOptions
  /** The name of the bus that an IDE CD-ROM goes to. None where the machine has no IDE. */
  readonly ideBus?: string
  /** The host's entropy for the guest, which has little of its own at first. */
  readonly entropy?: DeviceOptions
  /** A way for the guest's kernel to tell that it panicked, where the machine needs a device for that. */
  readonly panic?: DeviceOptions
}

/** A device and its options by QEMU's names for them: `{driver: 'virtio-blk-pci'}`. */
export interface DeviceOptions {
  readonly driver: string
  readonly [option: string]: string | number | boolean
}

/** The package that a program or a file is in, on the systems that most people have. */
export interface Packages {
  readonly debian?: string
  readonly fedora?: string
  readonly arch?: string
  readonly homebrew?: string
}

/** A few bytes of machine code that tell a sound accelerator from one that only claims to be. */
export interface AcceleratorProbe {
  /** The program's arguments, but for the accelerator and the firmware. */
  readonly arguments: readonly string[]
  /** Called when nothing is remembered of this host: the image for `-bios`; the machine starts in it. */
  readonly firmware: () => Uint8Array
  /** How the program exits when the code ran to its end. */
  readonly exitCode: number
}

// Config disks ------------------------------------------------------------------------------------------------------

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

// Steps -------------------------------------------------------------------------------------------------------------

/**
 * One part of every run, whichever the instance; one that is not for all of them looks for an instance key of its own.
 * The steps of a run are done one after the other. vmrun's own are:
 *
 * - `run-record`, always the first: sees to it that nothing is left when vmrun is killed;
 * - `overlay` and `config-disk`: make the disks, and add them to `run.commandLine`;
 * - `qemu`: starts QEMU with that, calls `run.announceMachine`, and sets `run.running`;
 * - `timeout-watch`: waits until the guest is done, its time is up, or the run is to stop;
 * - `cleanup`: undoes what was deferred.
 */
export interface Step {
  /** Unique among all plugins. */
  readonly name: string
  /** What the step is about; shown until it is done. */
  readonly title: string
  /** Runs whatever happened before it. */
  readonly always?: boolean
  /** Where each event is a line, the step has none when it is done: that says nothing to people. */
  readonly quiet?: boolean
  /**
   * May take as long as it needs, also after the run was asked to stop: it sees to both by itself, within 30 seconds
   * after the second request. A step without it is given up after the instance's `start-seconds`, and one second after the run was asked to stop; one that always runs,
   * one second after it was asked for the second time.
   */
  readonly unlimited?: boolean
  /**
   * Tells what `run` would do, for `--dry-run`: makes nothing. It adds to the run's command line what `run` would.
   * Default: the title, and no commands.
   *
   * @param directory where whoever does it by hand keeps its files, by names: the run itself has none
   */
  plan?(run: Run, directory: string): Promise<Plan>
  /**
   * Does it. What it makes it also defers the removal of, by `run.defer`, in the same breath.
   * When it throws, the run is over: no further step runs but those that always do, everything is undone, and the error
   * decides the verdict. Once the run was asked to stop, that decides the verdict, and the error is told beside it, unless
   * it is an AbortError, such as `signal.throwIfAborted()` throws, or was caused by one. A step that was given up is not waited for, and its late result counts for nothing; what it
   * defers by then is undone at once.
   *
   * @param progress tells what the step is busy with, in a few words
   * @param signal aborted when the step has to end: when the run was asked to stop, and when the step is given up. One
   *   that always runs is told only by the second request.
   * @returns the title that says what was done
   */
  run(run: Run, progress: (text: string) => void, signal: AbortSignal): Promise<string>
  /**
   * Called once for each run that began, whether or not this step ran, when everything is removed. It changes nothing
   * about the verdict: a notice tells when it throws. All steps' are called at the same time, and together they have 30
   * seconds; then, and when somebody asks the run to stop once more, the signal is aborted, and nobody waits any longer.
   */
  ended?(run: Run, ending: Ending): Promise<void>
}

/** A step of a plugin, and its place among the others, named by the `name` of a step of vmrun's or of any plugin. */
export type PlacedStep = Step & Placement

/**
 * Exactly one of the three. None stands between `qemu` and `timeout-watch`, where nobody watches the guest: what is to be
 * done while it runs is done from `run.onMachine`. Of several with one place, those of the plugin whose name comes first
 * come first. Replaced can be vmrun's own steps only; what is placed next to one that is, is placed next to what is in
 * its place.
 */
export type Placement = {readonly before: string} | {readonly after: string} | {readonly replacing: string}

/** What a step would do. */
export interface Plan {
  /** What would be done, as the title of the step says it when it is done. */
  readonly title: string
  /** The same as programs with their arguments, where it comes down to such; each can be pasted into a shell. */
  readonly commands: ReadonlyArray<readonly string[]>
}

/** How a run ended. */
export interface Ending {
  readonly verdict: Verdict
  /** How long the run took, in seconds. */
  readonly seconds: number
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal
}

// What steps are handed ---------------------------------------------------------------------------------------------

/** One ephemeral execution of an instance. */
export interface Run {
  /** Names this run among all runs on this host: twelve hexadecimal digits. */
  readonly id: string
  /** Checked, defaults applied. */
  readonly instance: Instance
  /** What the instance has for the keys that plugins contribute, checked by their schemas, by the keys' names. */
  readonly contributed: Readonly<Record<string, unknown>>
  /**
   * The instance's config, its placeholders resolved: secrets may be in it. In `plan`, and from when there is a machine, they
   * are as in the file. Keep nothing of it longer than you need it.
   */
  readonly config: JsonObject
  readonly architecture: Architecture
  readonly configDisk: ConfigDisk
  /**
   * Absolute; paths in it are relative to its directory. One without a place of its own is named as the user did, `-` or
   * `/dev/fd/63`, and paths in it are relative to the working directory.
   */
  readonly instancesFile: string
  /** The environment of vmrun. What steps start should not get all of it: secrets may be in it. */
  readonly environment: NodeJS.ProcessEnv
  /** An existing directory for large files: see `makeFile`. */
  readonly workDirectory: string
  /** An existing or future directory for what is worth remembering between runs. */
  readonly cacheDirectory: string
  /** Who QEMU runs as; vmrun's own user without it. The step `run-record` sets another where another run has that one. */
  user: HostUser | undefined
  /** What QEMU will be started with. */
  readonly commandLine: CommandLine
  /** Where the guest's serial console goes; nowhere without it. */
  readonly console: Writable | undefined
  /** Aborted when the run is to end: the same as `stop.signal`. */
  readonly signal: AbortSignal
  readonly stop: Stop
  /** The machine, from when its guest runs. The step that starts it sets it. */
  running: RunningMachine | undefined

  /**
   * Tells whoever watches the run. Nothing is told after the verdict. That steps begin and end, and the verdict, vmrun
   * tells by itself.
   */
  emit(event: StepEvent): void
  /**
   * Says how a thing that was just made is removed again; `what` names it in the message when that fails. Whatever
   * happens, all that was deferred is undone by the step `cleanup`, last first. Each undo has 20 seconds: one that takes
   * longer or throws makes the run `infra-failed`, and keeps no other from running.
   */
  defer(what: string, undo: () => void | Promise<void>): void
  /** Undoes what was deferred. For a step in the place of `cleanup`; what such a step leaves is undone after it. */
  unwind(): Promise<void>
  /**
   * Makes a file without a name in the work directory: it is gone when nobody has it open any more, however the run
   * ends. It is closed when the run ends, unless it is before. @throws HostError
   */
  makeFile(): Promise<{readonly writable: FileHandle; readonly readOnly: FileHandle}>
  /** Calls back with the machine as soon as its process is there, before its guest runs; at once where it is already. */
  onMachine(listener: (machine: Machine) => void): void
  /** Tells whoever waits for the machine that it is there. For a step in the place of `qemu`. */
  announceMachine(machine: Machine): void
  /** Says what must have held for the guest's end to count. `check` has 20 seconds; it throws a HostError when it did not. */
  mustHold(check: () => Promise<void>): void
  /** For a step in the place of `timeout-watch`. @throws HostError when something did not hold */
  checkHeld(): Promise<void>
}

/** What QEMU will be started with: steps before `qemu` add to it. */
export interface CommandLine {
  readonly arguments: readonly string[]
  /** Open files that QEMU inherits. It may open no other file for a block device. */
  readonly inherited: readonly FileHandle[]
  /** Adds arguments. A path, or anything of a user's, belongs in JSON: `-device '{…}'`, `-blockdev '{…}'`. */
  add(...programArguments: readonly string[]): void
  /** Adds an open file, which stays the caller's to close. @returns the name by which QEMU opens it */
  inherit(file: FileHandle): string
}

/** The wish that a run end. */
export interface Stop {
  /** Aborted by the first request: stop in good order. */
  readonly signal: AbortSignal
  /** Aborted by the second request: skip to the end. */
  readonly forceSignal: AbortSignal
  /** The cause of the first request, which is the run's verdict. */
  readonly cause: StopCause | undefined
  request(cause: StopCause): void
}

/** A user of the host, by its numbers. */
export interface HostUser {
  /** For one without a name: its number. */
  readonly name: string
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
  /** Whether it is a number that was free, taken for one run. */
  readonly isTemporary?: boolean
}

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

// The instances file ------------------------------------------------------------------------------------------------

/** A function for `${{ name:argument }}` in the strings of a config. */
export interface Placeholder {
  /** Letters, digits, `_` and `-`, a letter first. Unique among all plugins. */
  readonly name: string
  /**
   * Finds out the text that a placeholder with this argument stands for. Called by `run` and `build-iso` before
   * anything is made, once for each argument however often it stands in the config, and given up after 60 seconds.
   *
   * @throws a UsageError or HostError whose message says what was looked for and why it was not found, and holds no
   *   secret. Of any other error only the class is shown, as it may hold one.
   */
  resolve(argument: string, surroundings: PlaceholderSurroundings): Promise<string>
}

/** What placeholders are resolved from. */
export interface PlaceholderSurroundings {
  /** The environment of vmrun. */
  readonly environment: NodeJS.ProcessEnv
  /** Absolute: the directory of the instances file, which paths are relative to. */
  readonly directory: string
}

/** A further key of an instance: `validate`, `list`, `schema`, `--help` and every error treat it as one of vmrun's own. */
export interface InstanceKey {
  /** Lower-case letters, digits and `-`, a letter first. Unique among all plugins. */
  readonly name: string
  /**
   * What its value must be, as a synchronous schema of zod 4; `vmrun` exports `z`. It should be optional or have a
   * default, or every instance of every file must have the key. `.meta({description, examples})` says what it means.
   * It is asked once when the plugin is loaded, about `undefined`, and then about every instance. What it makes of a
   * value has to be something that JSON can tell, as `list --json` does.
   *
   * An error's message is best the rest of a sentence that begins with the key: "must be …". To one that begins with
   * "must" vmrun adds the value that stands there: where that may be a secret, begin otherwise, with "expected …".
   */
  readonly schema: ZodType
}

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
  /** False for a machine that has none: only a guest's agent can be asked to shut it down. Default: true. */
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
  /** The root disk, and the config disk of kind `virtio-blk`. `drive` and `bootindex` are added. */
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
  /** What the ports are connected to by which guest and host tell each other how a job goes. `id` is added. */
  readonly serial?: DeviceOptions
}

/** A device and its options by QEMU's names for them: `{driver: 'virtio-blk-pci'}`. */
export interface DeviceOptions {
  readonly driver: string
  readonly [option: string]: string | number | boolean
}

/** The package that a program or a file is in, on the systems that most people have. */
export type Packages = Readonly<Partial<Record<'debian' | 'fedora' | 'arch' | 'homebrew', string>>>

/** A few bytes of machine code that tell a sound accelerator from one that only claims to be. */
export interface AcceleratorProbe {
  /** The program's arguments, but for the accelerator and the firmware. */
  readonly arguments: readonly string[]
  /** Called when nothing is remembered of this host: the image for `-bios`; the machine starts in it. */
  readonly firmware: () => Uint8Array
  /** How the program exits when the code ran to its end. */
  readonly exitCode: number
}

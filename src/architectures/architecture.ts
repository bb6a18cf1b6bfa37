/** Where a program or a file comes from, on the systems that most people have. */
export interface Packages {
  readonly debian: string
  readonly fedora: string
  readonly arch: string
  readonly homebrew: string
}

/** A few bytes of machine code that tell a sound accelerator from one that only claims to be. */
export interface AcceleratorProbe {
  /** The program's arguments, but for the accelerator and the firmware. */
  readonly arguments: readonly string[]
  /** The image for `-bios`; the machine starts in it. */
  readonly firmware: () => Uint8Array
  /** How the program exits when the code ran to its end. */
  readonly exitCode: number
}

/** Physical addresses, both ends included. */
export interface AddressRange {
  readonly first: number
  readonly last: number
}

/** How QEMU tells that the guest has crashed its processor, where it emulates it. */
export interface CrashLog {
  /** What has QEMU print the log of `ResetLog`. */
  readonly arguments: readonly string[]
  /** Where the firmware is. What crashes there is not the guest. */
  readonly firmware: readonly AddressRange[]
}

/** What QEMU has to be told about one kind of machine: data only. */
export interface Architecture {
  /** As in the `arch` key of an instance. */
  readonly name: string
  /** What `os.machine()` calls a host of this architecture: only there can the guest be accelerated. */
  readonly hosts: readonly string[]
  readonly program: string
  readonly packages: Packages
  /** `-machine` */
  readonly machine: string
  /** `-cpu` where the guest's instructions are translated; an accelerated guest has the host's processor. */
  readonly emulatedCpu: string
  /** `-bios`: the first of `paths` that is there. None where QEMU brings the firmware along. */
  readonly firmware?: {readonly paths: readonly string[]; readonly packages: Packages}
  /** The name of the bus that an IDE CD-ROM goes to. None where the machine has no IDE. */
  readonly ideBus?: string
  /** Further arguments for the machine. */
  readonly arguments: readonly string[]
  readonly probe?: AcceleratorProbe
  /** None where a processor cannot crash but by a mistake of QEMU's. */
  readonly crashLog?: CrashLog
}

import type {Instance} from '../contract/instance.js'
import type {Acceleration} from '../qemu/accelerator/choose.js'
import {confinement} from '../qemu/fence/confine.js'
import type {Accelerate} from './accelerate.js'
import type {ExaminedArchitecture} from './examine-architecture.js'
import type {Finding} from './finding.js'
import {examineSandbox} from './sandbox.js'
import type {FoundUser} from './user.js'

/** What is known of the host that an instance would run on. */
export interface KnownHost {
  readonly findings: readonly Finding[]
  /** Whether QEMU runs as another user than vmrun. */
  readonly otherUser: boolean
  /** The instance as it would run, with what the command line asks for. @throws UsageError when it would not */
  readonly asRun: (instance: Instance) => Promise<Instance>
  /** What would run the instance; undefined where there is no QEMU for it. @throws HostError as `chooseAccelerator` */
  readonly accelerate: (instance: Instance) => Promise<Acceleration | undefined>
  /** What is found of the sandbox with what the instance relaxes; undefined where no QEMU for it can be started. */
  readonly examineSandbox: (instance: Instance) => Promise<Finding | undefined>
}

/** What was found so far. */
export interface ExaminedHost {
  readonly findings: readonly Finding[]
  readonly guests: readonly ExaminedArchitecture[]
  readonly user: FoundUser
  readonly accelerate: Accelerate
}

/** Puts together what instances are held against. */
export function knownHost(
  {findings, guests, user, accelerate}: ExaminedHost,
  asRun: KnownHost['asRun'],
): KnownHost {
  const guestOf = (arch: string): ExaminedArchitecture | undefined =>
    guests.find(({architecture}) => architecture.name === arch)
  return {
    findings,
    otherUser: user.user !== undefined,
    asRun,
    accelerate: async ({arch, accelerator}) => {
      const {architecture, program} = guestOf(arch) ?? {}
      return architecture && program ? await accelerate(architecture, program, accelerator) : undefined
    },
    examineSandbox: async ({arch, relax}) => {
      const {architecture, program} = guestOf(arch) ?? {}
      if (!(architecture && program && user.confine)) {
        return
      }

      const newPrivileges = relax.includes('no-new-privs')
      const confine = await confinement({user: user.user, newPrivileges})
      return await examineSandbox({architecture, program, confine, relax})
    },
  }
}

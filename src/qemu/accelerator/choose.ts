import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import {machine as hostMachine} from 'node:os'
import type {Architecture} from '../../contract/architecture.js'
import type {HostUser} from '../../contract/run.js'
import {codeOf, HostError} from '../../errors/errors.js'
import {type ProbeResult, type Probing, probeAccelerator} from './probe.js'
import type {ProbeCache} from './probe-cache.js'

/** What translates or runs the guest's instructions. */
export interface Acceleration {
  /** Nobody knows yet whether it works here. */
  readonly unmeasured?: boolean
  readonly accelerator: 'tcg' | HostAccelerator
  /** Why it is not the faster one; undefined when it is. */
  readonly reason?: string
  /** How long it took to measure that, in milliseconds; undefined where nothing had to be measured. */
  readonly milliseconds?: number
}

export interface AccelerationOptions {
  readonly asked: 'auto' | 'tcg' | HostAccelerator
  readonly architecture: Architecture
  /** The architecture's program. */
  readonly program: string
  readonly cache: ProbeCache
  /** Who QEMU runs as; vmrun's own user without it. */
  readonly user?: HostUser | undefined
  /** How to find out what the cache does not tell. Without it nothing runs. */
  readonly probing?: Probing
}

type HostAccelerator = 'kvm' | 'hvf'

/**
 * Chooses the accelerator. `auto` takes the host's own where it was measured to be sound, and TCG otherwise.
 *
 * @throws HostError when the one asked for by name cannot be used
 */
export async function chooseAccelerator(options: AccelerationOptions): Promise<Acceleration> {
  const {asked, architecture} = options
  if (asked === 'tcg') {
    return {accelerator: 'tcg'}
  }

  const own = process.platform === 'darwin' ? 'hvf' : 'kvm'
  const accelerator = asked === 'auto' ? own : asked
  const found =
    accelerator === own ? await findOut(accelerator, options) : {reason: `this host's accelerator is ${own}`}
  if (found.reason === undefined) {
    return {accelerator, ...found}
  }

  if (asked === 'auto') {
    return {accelerator: 'tcg', ...found}
  }

  throw new HostError(`${accelerator} cannot be used for ${architecture.name}: ${found.reason}`, {
    hint:
      'To fall back to TCG, which is slower but works on every host, leave --require-kvm and "accelerator" out, or set ' +
      'it to "auto".',
  })
}

/** @returns what is remembered or measured; `reason`: why it cannot be tried or does not work */
async function findOut(
  accelerator: HostAccelerator,
  {architecture, program, cache, user, probing}: AccelerationOptions,
): Promise<Omit<Acceleration, 'accelerator'>> {
  const {probe, hosts} = architecture
  const foreign = hosts.includes(hostMachine()) ? undefined : `this host is ${hostMachine()}`
  const absent = foreign ?? (accelerator === 'kvm' ? await whyNoKvm(user) : undefined)
  if (probe === undefined || absent !== undefined) {
    return absent === undefined ? {} : {reason: absent}
  }

  const question = {program, accelerator, user: user?.isTemporary ? ('temporary' as const) : user?.uid}
  const measure = async (how: Probing): Promise<ProbeResult> => {
    const measured = await probeAccelerator({program, accelerator, cpu: 'host', probe, ...how})
    if (measured.sound || measured.certain) {
      await cache.remember(question, measured)
    }

    return measured
  }
  const result = (await cache.recall(question)) ?? (probing && (await measure(probing)))
  if (result === undefined) {
    return {unmeasured: true}
  }

  const {milliseconds} = result
  return result.sound
    ? {milliseconds}
    : {reason: `${accelerator.toUpperCase()} does not work here (${result.reason})`, milliseconds}
}

/** How a guest runs, as the end of a sentence: `on KVM`, `emulated by TCG`. */
export function runsHow(accelerator: Acceleration['accelerator']): string {
  return `${accelerator === 'tcg' ? 'emulated by' : 'on'} ${accelerator.toUpperCase()}`
}

const readAndWrite = 0o6

/** The same user, and the group that may open /dev/kvm where it is a group's to open, and not root's, to whom more is. */
export async function withKvmGroup(
  user: HostUser | undefined,
  device = '/dev/kvm',
): Promise<HostUser | undefined> {
  const found = await stat(device).catch(() => undefined)
  if (user === undefined || found === undefined || found.gid === 0) {
    return user
  }

  return ((found.mode >> 3) & readAndWrite) === readAndWrite
    ? {...user, groups: Array.from(new Set([...user.groups, found.gid]))}
    : user
}

/**
 * Why KVM cannot even be tried; undefined when it can.
 *
 * @param user who QEMU runs as; vmrun's own user without it
 */
export async function whyNoKvm(user: HostUser | undefined, device = '/dev/kvm'): Promise<string | undefined> {
  try {
    await access(device, constants.R_OK | constants.W_OK)
    if (user === undefined || (await mayUse(user, device))) {
      return
    }

    return user.isTemporary
      ? `${device} is not for a group such as kvm to use, which QEMU would be given`
      : `the user ${user.name} has no permission for ${device} (is it in the group kvm?)`
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? `there is no ${device}`
      : `no permission for ${device} (is the user in the group kvm?)`
  }
}

/** By the mode of the device: what access control lists add to it is not seen. */
async function mayUse(user: HostUser, device: string): Promise<boolean> {
  const {mode, uid, gid} = await stat(device)
  const groups = [user.gid, ...((await withKvmGroup(user, device))?.groups ?? [])]
  if (uid === user.uid) {
    return ((mode >> 6) & readAndWrite) === readAndWrite
  }

  return ((groups.includes(gid) ? mode >> 3 : mode) & readAndWrite) === readAndWrite
}

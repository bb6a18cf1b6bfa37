import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {machine as hostMachine} from 'node:os'
import type {Architecture} from '../../architectures/architecture.js'
import {HostError} from '../../errors.js'
import {codeOf} from '../../thrown.js'
import {type ProbeResult, probeAccelerator} from './probe.js'
import type {ProbeCache} from './probe-cache.js'

/** What translates or runs the guest's instructions. */
export interface Acceleration {
  /** Nobody knows yet whether it works here. */
  readonly unmeasured?: boolean
  readonly accelerator: 'tcg' | HostAccelerator
  /** Why it is not the faster one; undefined when it is. */
  readonly reason?: string
}

export interface AccelerationOptions {
  readonly asked: 'auto' | 'tcg' | HostAccelerator
  readonly architecture: Architecture
  /** The architecture's program. */
  readonly program: string
  readonly cache: ProbeCache
  /** How to find out what the cache does not tell: a directory for it, and when to give up. Without it nothing runs. */
  readonly probing?: {readonly directory: string; readonly signal: AbortSignal}
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
  const absent =
    whyForeign(accelerator, own, architecture) ?? (accelerator === 'kvm' ? await whyNoKvm() : undefined)
  const result = absent === undefined ? await findOut(accelerator, options) : unsound(absent)
  if (result === undefined || result.sound) {
    return {accelerator, ...(result === undefined && {unmeasured: true})}
  }

  if (asked === 'auto') {
    return {accelerator: 'tcg', reason: result.reason}
  }

  throw new HostError(`${accelerator} cannot be used for ${architecture.name}: ${result.reason}`, {
    hint: 'Leave "accelerator" out, or set it to "auto", to fall back to TCG: slower, but it works on every host.',
  })
}

function whyForeign(
  accelerator: HostAccelerator,
  own: HostAccelerator,
  architecture: Architecture,
): string | undefined {
  if (accelerator !== own) {
    return `this host's accelerator is ${own}`
  }

  return architecture.hosts.includes(hostMachine()) ? undefined : `this host is ${hostMachine()}`
}

async function whyNoKvm(): Promise<string | undefined> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK)
    return
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? 'there is no /dev/kvm'
      : 'no permission for /dev/kvm (is the user in the group kvm?)'
  }
}

/** @returns what is remembered or measured; undefined when it is neither, as nothing may be run for it */
async function findOut(
  accelerator: HostAccelerator,
  {architecture, program, cache, probing}: AccelerationOptions,
): Promise<ProbeResult | undefined> {
  const {probe} = architecture
  if (probe === undefined) {
    return {sound: true}
  }

  const question = {program, accelerator}
  const remembered = await cache.recall(question)
  if (remembered !== undefined || probing === undefined) {
    return remembered?.sound === false ? unsound(doesNotWork(accelerator, remembered.reason)) : remembered
  }

  const found = await probeAccelerator({program, accelerator, cpu: 'host', probe, ...probing})
  if (found.sound || found.certain) {
    await cache.remember(question, found)
  }

  return found.sound ? found : unsound(doesNotWork(accelerator, found.reason))
}

function doesNotWork(accelerator: HostAccelerator, reason: string): string {
  return `${accelerator.toUpperCase()} does not work here (${reason})`
}

function unsound(reason: string): ProbeResult {
  return {sound: false, reason, certain: true}
}

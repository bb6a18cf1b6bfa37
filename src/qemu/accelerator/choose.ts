import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {machine as hostMachine} from 'node:os'
import type {Architecture} from '../../architectures/architecture.js'
import {HostError} from '../../errors.js'
import type {Instance} from '../../instances/instance.js'
import {type ProbeResult, probeAccelerator} from './probe.js'
import type {ProbeMemory} from './probe-memory.js'

/** What translates or runs the guest's instructions. */
export interface Acceleration {
  readonly accelerator: 'kvm' | 'hvf' | 'tcg'
  /** Why it is not the faster one; undefined when it is. */
  readonly reason?: string
}

export interface AccelerationOptions {
  readonly asked: Instance['accelerator']
  readonly architecture: Architecture
  /** The architecture's program. */
  readonly program: string
  readonly memory: ProbeMemory
  /** How to find out what the memory does not tell: a directory for it, and when to give up. Without it nothing runs. */
  readonly probing?: {readonly directory: string; readonly signal: AbortSignal}
}

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
  const reason = await whyUnusable(accelerator, own, options)
  if (reason === undefined) {
    return {accelerator}
  }

  if (asked === 'auto') {
    return {accelerator: 'tcg', reason}
  }

  throw new HostError(`${accelerator} cannot be used for ${architecture.name}: ${reason}`, {
    hint: 'Leave "accelerator" out, or set it to "auto", to fall back to TCG: slower, but it works on every host.',
  })
}

async function whyUnusable(
  accelerator: 'kvm' | 'hvf',
  own: 'kvm' | 'hvf',
  options: AccelerationOptions,
): Promise<string | undefined> {
  if (accelerator !== own) {
    return `this host's accelerator is ${own}`
  }

  if (!options.architecture.hosts.includes(hostMachine())) {
    return `this host is ${hostMachine()}`
  }

  return (accelerator === 'kvm' ? await whyNoKvm() : undefined) ?? (await whyUnsound(accelerator, options))
}

async function whyNoKvm(): Promise<string | undefined> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK)
    return
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? 'there is no /dev/kvm'
      : 'no permission for /dev/kvm (is the user in the group kvm?)'
  }
}

async function whyUnsound(accelerator: string, options: AccelerationOptions): Promise<string | undefined> {
  const {architecture, program, memory, probing} = options
  const {probe} = architecture
  if (probe === undefined) {
    return
  }

  const question = {program, accelerator}
  let result: ProbeResult | undefined = await memory.recall(question)
  if (result === undefined && probing !== undefined) {
    result = await probeAccelerator({program, accelerator, cpu: 'host', probe, ...probing})
    if (result.sound || result.certain) {
      await memory.remember(question, result)
    }
  }

  return result?.sound === false ? `${accelerator} is here but does not work: ${result.reason}` : undefined
}

import {readFile} from 'node:fs/promises'
import prettyBytes from 'pretty-bytes'
import type {Finding} from './finding.js'

/** What is needed for one run, with room for the connections of a guest and the files of a base image. */
const enough = {'open-files': 1024, processes: 128} as const

const lines = {
  'open-files': /^Max open files\s+(?<soft>\S+)/mu,
  processes: /^Max processes\s+(?<soft>\S+)/mu,
} as const

const advice = {
  'open-files': 'Raise it: ulimit -n, or LimitNOFILE= in a systemd unit.',
  processes: 'Raise it: ulimit -u, or LimitNPROC= in a systemd unit.',
} as const

/** Looks at this process's limits; QEMU inherits them. Nothing where the host does not tell. */
export async function examineLimits(): Promise<readonly Finding[]> {
  return limitFindings(await readFile('/proc/self/limits', 'utf8').catch(() => ''))
}

/** @param limits as proc_pid_limits(5) has them */
export function limitFindings(limits: string): readonly Finding[] {
  return (['open-files', 'processes'] as const).flatMap((check): readonly Finding[] => {
    const soft = lines[check].exec(limits)?.groups?.['soft']
    if (soft === undefined) {
      return []
    }

    const plenty = soft === 'unlimited' || Number(soft) >= enough[check]
    const text = soft === 'unlimited' ? 'no limit' : `${soft} at most`
    return [
      plenty
        ? {check, subject: 'vmrun', state: 'good', text}
        : {check, subject: 'vmrun', state: 'poor', text, advice: advice[check]},
    ]
  })
}

/** What a guest wants of the host's memory. */
export interface MemoryDemand {
  readonly instance: string
  /** As in the instances file: `4G`. */
  readonly ram: string
  readonly bytes: number
}

/**
 * What is to be said of the memory.
 *
 * @param available in bytes
 * @param largest the instance that wants most
 */
export function memoryFinding(available: number, largest: MemoryDemand | undefined): Finding {
  const text = `${prettyBytes(available, {binary: true})} available`
  const where = {check: 'memory', subject: 'host'} as const
  if (largest === undefined) {
    return {...where, state: 'good', text}
  }

  const demand = `${text}, ${largest.instance} wants ${largest.ram}`
  return largest.bytes <= available
    ? {...where, state: 'good', text: demand}
    : {
        ...where,
        state: 'poor',
        text: demand,
        advice: 'Give the instance less "ram": a guest that uses all of its memory may be killed.',
      }
}

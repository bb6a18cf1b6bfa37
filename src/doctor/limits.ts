import {readFile} from 'node:fs/promises'
import prettyBytes from 'pretty-bytes'
import type {Instance} from '../contract/instance.js'
import {ownControlGroups} from '../host/control-groups.js'
import {pathIn} from '../host/path-in.js'
import {sizeInBytes} from '../instances/size.js'
import type {Finding} from './finding.js'

/**
 * Lines of proc_pid_limits(5), and what is needed for one run, with room for the connections of a guest and the files of a
 * base image.
 */
const limited = {
  'open-files': {
    line: /^Max open files\s+(?<soft>\S+)/mu,
    enough: 1024,
    hint: 'Raise it: ulimit -n, or LimitNOFILE= in a systemd unit.',
  },
  processes: {
    line: /^Max processes\s+(?<soft>\S+)/mu,
    enough: 128,
    hint: 'Raise it: ulimit -u, or LimitNPROC= in a systemd unit.',
  },
} as const

/** Looks at this process's limits; QEMU inherits them. Nothing where the host does not tell. */
export async function examineLimits(): Promise<readonly Finding[]> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const groups = await ownControlGroups('pids')
  const ofGroups = await Promise.all(groups.map(({directory}) => taskLimitOf(directory)))
  return [limitFinding('open-files', limits), processesFinding(limits, ofGroups)].filter(
    finding => finding !== undefined,
  )
}

/** What is found of a limit of this process; undefined where there is nothing. @param limits as proc_pid_limits(5) has them */
export function limitFinding(check: keyof typeof limited, limits: string): Finding | undefined {
  const {line, enough, hint} = limited[check]
  const soft = line.exec(limits)?.groups?.['soft']
  if (soft === undefined) {
    return
  }

  const isUnlimited = soft === 'unlimited'
  const limit = isUnlimited ? null : Number(soft)
  const found = {check, subject: 'vmrun', message: isUnlimited ? 'no limit' : `${limit} at most`, limit}
  return limit === null || limit >= enough ? {...found, state: 'good'} : {...found, state: 'poor', hint}
}

/** How many processes and threads a control group may have, and has: `TasksMax=` of systemd. */
interface TaskLimit {
  readonly limit: number
  readonly used: number
}

/** The same for processes, of which the control group or one above it may allow less than the process's own limit. */
export function processesFinding(
  limits: string,
  groups: readonly (TaskLimit | undefined)[],
): Finding | undefined {
  const own = limitFinding('processes', limits)
  const [tightest] = groups
    .filter(group => group !== undefined)
    .toSorted((one, other) => one.limit - one.used - (other.limit - other.used))
  if (tightest === undefined || own?.state === 'poor') {
    return own
  }

  const {limit, used} = tightest
  const message = `${limit} at most in this control group, which has ${used}`
  const found = {check: 'processes', subject: 'vmrun', limit, message} as const
  const hint = 'Raise it: TasksMax= in a systemd unit, or --pids-limit of a container.'
  return limit - used >= limited.processes.enough
    ? {...found, state: 'good'}
    : {...found, state: 'poor', hint}
}

/** Linux, Documentation/admin-guide/cgroup-v2.rst: `pids.max` is a number or `max`. The same in version 1. */
export async function taskLimitOf(directory: string): Promise<TaskLimit | undefined> {
  const [limit = Number.NaN, used = Number.NaN] = await Promise.all(
    ['pids.max', 'pids.current'].map(async name =>
      Number(await readFile(pathIn(directory, name), 'utf8').catch(() => Number.NaN)),
    ),
  )
  return Number.isNaN(limit - used) ? undefined : {limit, used}
}

/** What is found of the memory, held against the instance that wants most. @param available in bytes */
export function memoryFinding(
  available: number,
  instances: readonly Pick<Instance, 'name' | 'ram'>[],
): Finding {
  const [largest] = instances
    .map(({name, ram}) => ({wants: `, ${name} wants ${ram}`, wantedBytes: sizeInBytes(ram)}))
    .toSorted((one, other) => other.wantedBytes - one.wantedBytes)
  const {wants = '', ...figures} = largest ?? {}
  const message = `${prettyBytes(available, {binary: true})} available${wants}`
  const found = {check: 'memory', subject: 'host', message, availableBytes: available, ...figures} as const
  const hint = 'Give the instance less "ram": a guest that uses all of its memory may be killed.'
  return (largest?.wantedBytes ?? 0) <= available
    ? {...found, state: 'good'}
    : {...found, state: 'poor', hint}
}

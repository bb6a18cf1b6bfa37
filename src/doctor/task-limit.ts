import {readFile} from 'node:fs/promises'
import {ownControlGroups} from '../host/control-groups.js'
import {pathIn} from '../host/path-in.js'

/** How many processes and threads a control group may have: `TasksMax=` of systemd. */
export interface TaskLimit {
  readonly limit: number
  /** How many it has. */
  readonly used: number
}

/** The limit that leaves this process the least, of its control group and of those above it; undefined without any. */
export async function taskLimit(): Promise<TaskLimit | undefined> {
  const groups = await ownControlGroups('pids')
  return tightest(await Promise.all(groups.map(({directory}) => taskLimitOf(directory))))
}

/** The limit that leaves the least. */
export function tightest(limits: readonly (TaskLimit | undefined)[]): TaskLimit | undefined {
  return limits
    .filter(limit => limit !== undefined)
    .toSorted((one, other) => one.limit - one.used - (other.limit - other.used))[0]
}

/** Linux, Documentation/admin-guide/cgroup-v2.rst: `pids.max` is a number or `max`. The same in version 1. */
export async function taskLimitOf(directory: string): Promise<TaskLimit | undefined> {
  const [limit = Number.NaN, used = Number.NaN] = await Promise.all(
    ['pids.max', 'pids.current'].map(async name =>
      Number.parseInt(await readFile(pathIn(directory, name), 'utf8').catch(() => ''), 10),
    ),
  )
  return Number.isNaN(limit) || Number.isNaN(used) ? undefined : {limit, used}
}

import {readFile} from 'node:fs/promises'
import {ownControlGroups} from '../../host/control-groups.js'
import {pathIn} from '../../host/path-in.js'

/** What the kernel has killed because memory ran out, that of the host or that of a control group. */
export interface OomKills {
  /** How many processes. */
  readonly count: number
  /** The control group that they belonged to; undefined where they may have been any of the host. */
  readonly group: string | undefined
}

/**
 * Counts what the kernel kills from now on because memory runs out: of this process's control group, into which whatever
 * it starts is born, or else on the whole host (Linux, Documentation/admin-guide/cgroup-v2.rst, `memory.events`;
 * cgroup-v1/memory.rst, `memory.oom_control`; filesystems/proc.rst, `vmstat`). The kernel counts before it kills.
 *
 * @returns a function that tells what has been killed so far; undefined where the host does not tell
 */
export async function countOomKills(): Promise<() => Promise<OomKills | undefined>> {
  const {file, group} = await ownCounter()
  const before = await read(file)
  return async () => {
    const now = await read(file)
    return before === undefined || now === undefined ? undefined : {count: now - before, group}
  }
}

/**
 * In version 2 a group that memory is not accounted for has no counter, and counts as of the group above; the topmost one
 * never has any.
 */
async function ownCounter(): Promise<{readonly file: string; readonly group: string | undefined}> {
  for (const {name, directory, version} of await ownControlGroups('memory')) {
    const file = pathIn(directory, version === 1 ? 'memory.oom_control' : 'memory.events')
    if ((await read(file)) !== undefined) {
      return {file, group: name}
    }
  }

  return {file: '/proc/vmstat', group: undefined}
}

const counter = /^oom_kill (?<count>\d+)$/mu

async function read(file: string): Promise<number | undefined> {
  const {count} = counter.exec(await readFile(file, 'utf8').catch(() => ''))?.groups ?? {}
  return count === undefined ? undefined : Number(count)
}

import {mkdir, rmdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, onTestFinished} from 'vitest'

/** Where a control group's memory is limited, and how its limit is called. */
interface Hierarchy {
  readonly root: string
  readonly limit: string
}

/** Version 1, then version 2. */
const hierarchies: readonly Hierarchy[] = [
  {root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes'},
  {root: '/sys/fs/cgroup', limit: 'memory.max'},
]

const size = 512 * 2 ** 20

/** The hierarchy in which this user can limit memory; undefined where there is none. */
export async function limitableHierarchy(): Promise<Hierarchy | undefined> {
  for (const hierarchy of hierarchies) {
    const group = groupIn(hierarchy, 'tried')
    try {
      await mkdir(group)
    } catch {
      continue
    }

    const limited = await writeFile(path.join(group, hierarchy.limit), String(size)).then(
      () => true,
      () => false,
    )
    await rmdir(group)
    if (limited) {
      return hierarchy
    }
  }

  return
}

/** Makes a control group with half a gibibyte of memory, which goes when the test is over. @returns its `cgroup.procs` */
export async function smallGroup(hierarchy: Hierarchy): Promise<string> {
  const group = groupIn(hierarchy, 'small')
  await mkdir(group)
  // As long as the kernel still counts a process that has ended, the group is busy.
  onTestFinished(() => expect.poll(() => rmdir(group).then(() => 'gone', String)).toBe('gone'))
  await writeFile(path.join(group, hierarchy.limit), String(size))
  return path.join(group, 'cgroup.procs')
}

function groupIn({root}: Hierarchy, name: string): string {
  return path.join(root, `vmrun-test-${process.pid}-${name}`)
}

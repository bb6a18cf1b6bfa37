import {readFile} from 'node:fs/promises'
import path from 'node:path'

/** A control group, where it can be looked at. */
export interface ControlGroup {
  /** As the kernel calls it: `/system.slice/ci.service`. */
  readonly name: string
  readonly directory: string
  /** Of cgroups(7). */
  readonly version: 1 | 2
}

/** What proc(5) tells of a process's control groups, in its `cgroup` and its `mountinfo`. */
export interface ToldGroups {
  readonly cgroup: string
  readonly mountinfo: string
}

/** This process's control group for a controller, such as `memory`, and each above it, as far as they can be seen. */
export async function ownControlGroups(controller: string): Promise<readonly ControlGroup[]> {
  const [cgroup = '', mountinfo = ''] = await Promise.all(
    ['cgroup', 'mountinfo'].map(name => readFile(`/proc/self/${name}`, 'utf8').catch(() => '')),
  )
  return controlGroups(controller, {cgroup, mountinfo})
}

/** proc_pid_cgroup(5): the hierarchy, its controllers, which version 2 does not name, and the group. */
const groupLine = /^\d+:(?<controllers>[^:]*):(?<name>\/.*)$/u

/** proc_pid_mountinfo(5): after three fields what is mounted and where; at the end type, source and own options. */
const mountLine = /^\S+ \S+ \S+ (?<root>\S+) (?<directory>\S+) .*? - (?<type>cgroup2?) \S+ (?<options>\S+)$/u

/** The same by what is told of a process. */
export function controlGroups(controller: string, {cgroup, mountinfo}: ToldGroups): readonly ControlGroup[] {
  const groups = matches(cgroup, groupLine)
  const legacy = groups.find(({controllers}) => controllers?.split(',').includes(controller))
  const {name: own} = legacy ?? groups.find(({controllers}) => controllers === '') ?? {}
  const mount = matches(mountinfo, mountLine).find(({type, options}) =>
    legacy ? type === 'cgroup' && options?.split(',').includes(controller) : type === 'cgroup2',
  )
  // cgroup_namespaces(7): a group that begins so is outside of what this process knows.
  if (own === undefined || own.startsWith('/..') || mount === undefined) {
    return []
  }

  const {root = '', directory = ''} = mount
  return upwards(own).flatMap(name => {
    const below = path.relative(root, name)
    return below.startsWith('..')
      ? []
      : [{name, directory: path.join(directory, below), version: legacy ? 1 : 2}]
  })
}

function matches(text: string, pattern: RegExp): readonly Readonly<Record<string, string>>[] {
  return text.split('\n').flatMap(line => {
    const {groups} = pattern.exec(line) ?? {}
    return groups === undefined ? [] : [groups]
  })
}

/** A group, and each one above it. */
function upwards(name: string): readonly string[] {
  return name === '/' ? [name] : [name, ...upwards(path.dirname(name))]
}

import {platform} from 'node:process'
import {type Protection, protections} from '../../contract/instance.js'

/** What QEMU may do where one of them is relaxed. */
const gains: Readonly<Record<Protection, string>> = {
  obsolete: 'make obsolete system calls',
  elevateprivileges: 'change its user and its groups',
  spawn: 'start programs',
  resourcecontrol: 'change its own limits and priorities',
  'no-new-privs': 'get further privileges, such as those of a setuid program, until its filter is in force',
}

/** The parts of QEMU's seccomp filter. */
const parts = protections.filter(name => name !== 'no-new-privs')

/**
 * What a started QEMU may no longer do to its host (QEMU, qemu-options.hx, `-sandbox`); seccomp is Linux's.
 *
 * @param relaxed the parts that it is run without
 */
export function sandboxArguments(relaxed: readonly Protection[] = []): readonly string[] {
  if (platform !== 'linux') {
    return []
  }

  const filter = parts.map(part => `${part}=${relaxed.includes(part) ? 'allow' : 'deny'}`)
  return ['-sandbox', ['on', ...filter].join(',')]
}

/** A warning for each protection that a machine is run without. */
export function relaxationWarnings(relaxed: readonly Protection[]): readonly string[] {
  return Array.from(new Set(relaxed), protection => `Relaxed: QEMU may ${gains[protection]} (${protection})`)
}

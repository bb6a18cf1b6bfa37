import {platform} from 'node:process'

/** The parts of QEMU's seccomp filter, with what QEMU may do where one of them is relaxed. */
const parts = {
  obsolete: 'make obsolete system calls',
  elevateprivileges: 'change its user and its groups',
  spawn: 'start programs',
  resourcecontrol: 'change its own limits and priorities',
} as const

type Part = keyof typeof parts

/** What QEMU can be run without: a part of its filter, or what keeps it from getting further privileges. */
export type Relaxation = Part | 'no-new-privs'

const partNames: readonly Part[] = ['obsolete', 'elevateprivileges', 'spawn', 'resourcecontrol']

/**
 * What a started QEMU may no longer do to its host (QEMU, qemu-options.hx, `-sandbox`); seccomp is Linux's.
 *
 * @param relaxed the parts that it is run without
 */
export function sandboxArguments(relaxed: readonly Relaxation[] = []): readonly string[] {
  if (platform !== 'linux') {
    return []
  }

  const filter = partNames.map(part => `${part}=${relaxed.includes(part) ? 'allow' : 'deny'}`)
  return ['-sandbox', ['on', ...filter].join(',')]
}

/** A warning for each protection that a machine is run without. */
export function relaxationWarnings(relaxed: readonly Relaxation[]): readonly string[] {
  return Array.from(new Set(relaxed), relaxation => {
    const gained =
      relaxation === 'no-new-privs'
        ? 'get further privileges, such as those of a setuid program'
        : parts[relaxation]
    return `Relaxed: QEMU may ${gained} (${relaxation})`
  })
}

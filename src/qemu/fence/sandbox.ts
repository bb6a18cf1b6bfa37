import {platform} from 'node:process'
import {type Protection, protections} from '../../contract/instance.js'
import {askProgram} from '../programs/find-program.js'
import {findSetpriv} from './confine.js'

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

/**
 * Has QEMU end when vmrun does, where nothing better sees to it. With setpriv the kernel kills it at once; this option
 * would replace that by a SIGTERM, which a QEMU that hangs does not heed (QEMU 10.2, system/exit-with-parent.c).
 *
 * @param signal gives up
 */
export async function exitWithParentArguments(
  program: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const offered = (await findSetpriv()) === undefined && (await offersExitWithParent(program, signal))
  return offered ? ['-run-with', 'exit-with-parent=on'] : []
}

/**
 * Whether a QEMU can end itself when its parent is gone (QEMU 10.2, qemu-options.hx, `-run-with`). One that does not
 * tell cannot.
 */
export async function offersExitWithParent(program: string, signal?: AbortSignal): Promise<boolean> {
  const {stdout, failure} = await askProgram([program, '-help'], signal)
  return failure === undefined && stdout.includes('exit-with-parent')
}

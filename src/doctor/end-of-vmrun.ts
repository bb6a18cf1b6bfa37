import {findSetpriv} from '../qemu/fence/confine.js'
import {offersExitWithParent} from '../qemu/fence/sandbox.js'
import type {ProgramCache} from '../qemu/programs/program-cache.js'
import type {Finding} from './finding.js'

/** What can end QEMU should vmrun be killed. */
export interface Means {
  readonly setpriv: boolean
  /** The programs that do not end themselves. */
  readonly lasting: readonly string[]
}

/**
 * Finds out what ends QEMU should vmrun be killed.
 *
 * @param programs each architecture's QEMU; without any, there may be nothing to be said
 */
export async function examineEndOfVmrun(
  programs: readonly string[],
  cache: ProgramCache,
): Promise<Finding | undefined> {
  if ((await findSetpriv()) !== undefined) {
    return endOfVmrunFinding({setpriv: true, lasting: []})
  }

  if (programs.length === 0) {
    return
  }

  const offered = await Promise.all(programs.map(program => offersExitWithParent(program, cache)))
  return endOfVmrunFinding({setpriv: false, lasting: programs.filter((_, index) => !offered[index])})
}

export function endOfVmrunFinding({setpriv, lasting}: Means): Finding {
  const look = {check: 'end-of-vmrun', subject: 'QEMU'} as const
  if (setpriv) {
    return {
      ...look,
      state: 'good',
      message: 'the kernel kills QEMU when vmrun ends (setpriv --pdeathsig KILL)',
      by: 'setpriv',
    }
  }

  if (lasting.length === 0) {
    return {
      ...look,
      state: 'good',
      message: 'QEMU ends itself when vmrun ends (-run-with exit-with-parent=on)',
      by: 'exit-with-parent',
    }
  }

  return {
    ...look,
    state: 'poor',
    message:
      'when vmrun is killed, a process that outlives it ends QEMU, or else the next run does: there is no setpriv, and ' +
      `${lasting.join(' and ')} cannot end by itself`,
    hint:
      process.platform === 'linux'
        ? 'Install util-linux, which has setpriv.'
        : 'Install a QEMU whose -help names exit-with-parent.',
    by: 'reaper',
  }
}

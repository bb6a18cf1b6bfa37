import {findSetpriv} from '../qemu/confinement/confine.js'
import {offersExitWithParent} from '../qemu/confinement/exit-with-parent.js'
import type {ProgramCache} from '../qemu/programs/program-cache.js'
import type {Finding} from './finding.js'

/** What ends QEMU should vmrun be killed. */
export interface ParentDeath {
  readonly setpriv: boolean
  /** The programs that do not end themselves. */
  readonly lasting: readonly string[]
}

/** Finds out what ends QEMU should vmrun be killed. */
export async function examineParentDeath(programs: readonly string[], cache: ProgramCache): Promise<Finding> {
  if ((await findSetpriv()) !== undefined) {
    return parentDeathFinding({setpriv: true, lasting: []})
  }

  const offered = await Promise.all(programs.map(program => offersExitWithParent(program, cache)))
  return parentDeathFinding({setpriv: false, lasting: programs.filter((_, index) => !offered[index])})
}

export function parentDeathFinding({setpriv, lasting}: ParentDeath): Finding {
  const where = {check: 'parent-death', subject: 'QEMU'} as const
  if (setpriv) {
    return {
      ...where,
      state: 'good',
      text: 'QEMU is killed by the kernel when vmrun ends (setpriv --pdeathsig KILL)',
    }
  }

  if (lasting.length === 0) {
    return {
      ...where,
      state: 'good',
      text: 'QEMU ends itself when vmrun ends (-run-with exit-with-parent=on)',
    }
  }

  return {
    ...where,
    state: 'poor',
    text:
      'QEMU is killed by a process that outlives vmrun, or else by the next run: there is no setpriv, and ' +
      `${lasting.join(' and ')} cannot end by itself`,
    advice:
      process.platform === 'linux'
        ? 'Install util-linux, which has setpriv.'
        : 'Install a QEMU whose -help names exit-with-parent.',
  }
}

import {forbidCoreDumps} from '../supervision/core-dumps.js'
import type {Finding} from './finding.js'

/** Finds out whether a crash of vmrun's could leave the secrets that it knows in a core; from now on this one's cannot. */
export async function examineCoreDumps(): Promise<Finding> {
  return coreDumpsFinding(await forbidCoreDumps())
}

export function coreDumpsFinding(forbidden: boolean): Finding {
  const where = {check: 'core-dumps', subject: 'vmrun'} as const
  return forbidden
    ? {...where, state: 'good', text: 'vmrun leaves no core, should it crash'}
    : {
        ...where,
        state: 'poor',
        text: 'should vmrun crash, the secrets of a config may be in its core',
        advice: 'Install util-linux, which has prlimit, or set LimitCORE=0 in a systemd unit.',
      }
}

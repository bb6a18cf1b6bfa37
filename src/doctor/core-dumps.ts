import {forbidCoreDumps} from '../host/core-dumps.js'
import type {Finding} from './finding.js'

/** Finds out whether a crash of vmrun's could leave the secrets that it knows in a core; from now on this one's cannot. */
export async function examineCoreDumps(): Promise<Finding> {
  return coreDumpsFinding(await forbidCoreDumps())
}

export function coreDumpsFinding(forbidden: boolean): Finding {
  const look = {check: 'core-dumps', subject: 'vmrun'} as const
  return forbidden
    ? {...look, state: 'good', message: 'vmrun leaves no core, should it crash'}
    : {
        ...look,
        state: 'poor',
        message: 'should vmrun crash, the secrets of a config may be in its core',
        hint: [
          'Install util-linux, which has prlimit. In a systemd unit, set LimitCORE=1: with 0, the kernel still hands the',
          'core to a program such as systemd-coredump.',
        ].join(' '),
      }
}

import {readdirSync} from 'node:fs'
import {codeOf} from '../errors/thrown.js'
import {identityOf, isAlive, type ProcessIdentity} from './process-identity.js'
import {readStat} from './process-stat.js'

/**
 * Whether a process still runs, or anything of the process group that it led: what is meant may have been started by
 * a script, which is gone. What has ended and was not waited for does not run.
 */
export function isGroupAlive(leader: ProcessIdentity): boolean {
  return isAlive(leader) || isLeaderless(leader)
}

/**
 * Whether a process is gone, but not the process group that it led. Only Linux tells.
 *
 * No process gets the number of a group that has members, so where one has it, the group is gone too. Where none has
 * it, the group might still be another one, of a leader that is gone as well. Hence some member has to be about
 * as old as the leader.
 */
export function isLeaderless(leader: ProcessIdentity): boolean {
  const {pid} = leader
  if (process.platform !== 'linux' || isAlive(leader) || identityOf(pid) !== undefined || !hasMembers(pid)) {
    return false
  }

  return members(pid).some(start => {
    const later = Number(start) - Number(leader.start)
    return later >= 0 && later <= longestStart
  })
}

/** How much later than the script QEMU may start, in clock ticks: a minute. proc_pid_stat(5), sysconf(3) */
const longestStart = 60 * 100

/** Also of those that have ended and that nobody has waited for. */
function hasMembers(group: number): boolean {
  try {
    process.kill(-group, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

const digits = /^\d+$/u

/** When the members of a process group started that run. */
function members(group: number): readonly string[] {
  return readdirSync('/proc')
    .filter(name => digits.test(name))
    .flatMap(name => {
      const stat = readStat(Number(name))
      return stat !== undefined && stat.group === group && !stat.ended ? [stat.start] : []
    })
}

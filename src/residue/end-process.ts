import {setTimeout as sleep} from 'node:timers/promises'
import {codeOf} from '../errors/thrown.js'
import {isGroupAlive, isLeaderless} from './process-group.js'
import {identityOf, type ProcessIdentity} from './process-identity.js'

/** How long a process may take to be gone once it was killed, in milliseconds. */
const killLimit = 10_000

/** How often it is looked for meanwhile, in milliseconds: nobody tells of the end of a process that is no child. */
const lookInterval = 20

/**
 * Kills a process and its process group, if it is still the very same, and waits until they are gone. When it is gone
 * itself, what is left of its group is killed: see `isLeaderless`.
 *
 * @param signal ends the wait
 * @returns how it went; `still-there`: ten seconds later, or it is one that must not be killed, such as this one
 */
export async function endProcess(
  identity: ProcessIdentity,
  signal?: AbortSignal,
): Promise<'was-gone' | 'killed' | 'still-there'> {
  const {pid} = identity
  if (!isGroupAlive(identity)) {
    return 'was-gone'
  }

  // kill(2) takes 0 and -1 for many; and nobody means process 1.
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) {
    return 'still-there'
  }

  // `isGroupAlive` is also true of a process that is hidden, which might be another one.
  const isSeen = identityOf(pid) !== undefined || isLeaderless(identity)
  if (!(isSeen && kill(pid))) {
    return isGroupAlive(identity) ? 'still-there' : 'was-gone'
  }

  const limit = performance.now() + killLimit
  while (isGroupAlive(identity)) {
    if (performance.now() > limit || signal?.aborted) {
      return 'still-there'
    }

    await sleep(lookInterval)
  }

  return 'killed'
}

/** @returns whether the signal was sent */
function kill(pid: number): boolean {
  try {
    process.kill(-pid, 'SIGKILL')
    return true
  } catch (error) {
    // It leads no group.
    return codeOf(error) === 'ESRCH' && killAlone(pid)
  }
}

function killAlone(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

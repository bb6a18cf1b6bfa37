import {setTimeout as sleep} from 'node:timers/promises'
import {codeOf} from '../thrown.js'
import {identityOf, isAlive, type ProcessIdentity} from './process-identity.js'

/** How long a process may take to be gone once it was killed, in milliseconds. */
const killLimit = 10_000

/** How often it is looked for meanwhile, in milliseconds: nobody tells of the end of a process that is no child. */
const lookInterval = 20

/**
 * Kills a process and its process group, if it is still the very same, and waits until it is gone.
 *
 * @param signal ends the wait
 * @returns how it went; `still-there`: ten seconds later
 */
export async function endProcess(
  identity: ProcessIdentity,
  signal?: AbortSignal,
): Promise<'was-gone' | 'killed' | 'still-there'> {
  if (!isAlive(identity)) {
    return 'was-gone'
  }

  // `isAlive` is also true of one that is hidden, which might be another one.
  if (identityOf(identity.pid) === undefined || !kill(identity.pid)) {
    return isAlive(identity) ? 'still-there' : 'was-gone'
  }

  const limit = performance.now() + killLimit
  while (isAlive(identity)) {
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

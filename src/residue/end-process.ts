import {setTimeout as sleep} from 'node:timers/promises'
import {identityOf, isAlive, type ProcessIdentity} from './process-identity.js'

/** How long a process may take to be gone once it was killed, in milliseconds. */
const killLimit = 10_000

/** How often it is looked for meanwhile, in milliseconds: nobody tells of the end of a process that is no child. */
const lookInterval = 20

/**
 * Kills a process and the process group that it leads, if it is still the very same, and waits until it is gone.
 *
 * It is QEMU, as whatever stands in front of QEMU becomes it by exec. For a program that forks it instead, this is the
 * place to look for the rest of its group: once the leader is gone, the group's number alone does not tell whose it is.
 *
 * @param signal ends the wait
 * @returns how it went; `still-there`: ten seconds later, or it is one that must not be killed, such as this one
 */
export async function endProcess(
  identity: ProcessIdentity,
  signal?: AbortSignal,
): Promise<'was-gone' | 'killed' | 'still-there'> {
  const {pid} = identity
  if (!isAlive(identity)) {
    return 'was-gone'
  }

  // kill(2) takes 0 and -1 for many; and nobody means process 1. One that is hidden might be another one by now.
  const mayBeKilled = Number.isInteger(pid) && pid > 1 && pid !== process.pid && identityOf(pid) !== undefined
  if (!(mayBeKilled && killGroup(pid))) {
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
function killGroup(leader: number): boolean {
  try {
    process.kill(-leader, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

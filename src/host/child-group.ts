import type {ChildProcess} from 'node:child_process'
import {codeOf} from '../errors/thrown.js'

/**
 * Takes charge of the process group that a child leads, also of what is left of it once the child has ended: the child
 * may be a script around the program that is meant. Should this process end first, by a bug, the group ends too;
 * SIGKILL to this process it cannot follow.
 *
 * @param child one that was started just now, as the leader of its group
 * @returns kills the group; what is gone, and what cannot be killed, is passed over
 */
export function childGroup(child: ChildProcess): () => void {
  const {pid} = child
  if (pid === undefined) {
    return () => undefined
  }

  let gone = false
  const kill = (): void => {
    if (!gone && isChilds(child, pid)) {
      signalled(-pid, 'SIGKILL')
    }
  }
  const look = (): void => {
    gone ||= !isChilds(child, pid)
    if (gone) {
      process.off('exit', kill)
    }
  }
  process.on('exit', kill)
  // The latter when nobody has its output open any more.
  child.once('exit', look).once('close', look)
  return kill
}

/**
 * Whether there is a group of that number, and it is the child's. No process gets the number of a group that has
 * members, so where one has it after the child was waited for, the group is another one.
 */
function isChilds({exitCode, signalCode}: ChildProcess, pid: number): boolean {
  const isThere = exitCode === null && signalCode === null
  return isThere || (!signalled(pid, 0) && signalled(-pid, 0))
}

/** @returns false when there is no such process, or group when it is negative */
function signalled(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

import type {ChildProcess} from 'node:child_process'

/**
 * Takes charge of the process group that a child leads: what the child leaves of it when it ends is killed. Should this
 * process end first, by a bug, the group ends too; SIGKILL to this process it cannot follow.
 *
 * @param child one that was started just now, as the leader of its group
 * @returns kills the group; what is gone, and what cannot be killed, is passed over
 */
export function childGroup(child: ChildProcess): () => void {
  const {pid} = child
  let isGone = false
  const kill = (): void => {
    try {
      if (pid !== undefined && !isGone) {
        process.kill(-pid, 'SIGKILL')
      }
    } catch {
      // Nothing is left of it.
    }
  }
  process.on('exit', kill)
  child.once('exit', () => {
    kill()
    // From now on another group may get its number.
    isGone = true
    process.off('exit', kill)
  })
  return kill
}

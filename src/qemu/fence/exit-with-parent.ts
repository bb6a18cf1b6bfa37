import {askProgram} from '../programs/ask-program.js'
import type {ProgramCache} from '../programs/program-cache.js'
import {findSetpriv} from './confine.js'

/**
 * Has QEMU end when vmrun does, where nothing better sees to it. With setpriv the kernel kills it at once; this option
 * would replace that by a SIGTERM, which a QEMU that hangs does not heed (QEMU 10.2, system/exit-with-parent.c).
 *
 * @param signal gives up
 */
export async function exitWithParentArguments(
  program: string,
  cache: ProgramCache,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const better = await findSetpriv()
  const offered = better === undefined && (await offersExitWithParent(program, cache, signal))
  return offered ? ['-run-with', 'exit-with-parent=on'] : []
}

/**
 * Whether a QEMU can end itself when its parent is gone (QEMU 10.2, qemu-options.hx, `-run-with`). One that does not
 * tell cannot, and is asked again the next time.
 */
export async function offersExitWithParent(
  program: string,
  cache: ProgramCache,
  signal?: AbortSignal,
): Promise<boolean> {
  const question = {program, about: 'exit-with-parent'}
  const remembered = await cache.recall(question)
  if (typeof remembered === 'boolean') {
    return remembered
  }

  const {stdout, failure} = await askProgram([program, '-help'], signal)
  const offered = failure === undefined && stdout.includes('exit-with-parent')
  if (failure === undefined) {
    await cache.remember(question, offered)
  }

  return offered
}

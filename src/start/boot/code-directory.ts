import {homedir} from 'node:os'
import path from 'node:path'
import {pathIn} from '../../host/path-in.js'

/**
 * Where compiled code is kept: in the cache directory, as oclif finds it, which is not loaded yet.
 *
 * @returns undefined where that has no absolute path
 */
export function codeDirectory(environment: NodeJS.ProcessEnv): string | undefined {
  const {VMRUN_CACHE_DIR: named, XDG_CACHE_HOME: caches, HOME: home} = environment
  const own = process.platform === 'darwin' ? 'Library/Caches' : '.cache'
  const directory = pathIn(named || pathIn(caches || pathIn(home || homedir(), own), 'vmrun'), 'code')
  return path.isAbsolute(directory) ? directory : undefined
}

import Module from 'node:module'
import {pathIn} from '../host/path-in.js'
import {trustedPath} from '../host/trusted.js'
import {codeDirectory} from './boot/code-directory.js'

/**
 * Has Node keep what it compiles from now on: the modules of plugins, as vmrun's own are kept already. Node can do so
 * since 22.8.
 */
export function keepCompiled(environment: NodeJS.ProcessEnv): void {
  const enable: unknown = Reflect.get(Module, 'enableCompileCache')
  const directory = codeDirectory(environment)
  if (typeof enable !== 'function' || directory === undefined) {
    return
  }

  try {
    const kept = pathIn(directory, 'plugins')
    trustedPath(kept)
    if (trustedPath(directory) !== undefined) {
      enable(kept)
    }
  } catch {
    // What others could have written is compiled again.
  }
}

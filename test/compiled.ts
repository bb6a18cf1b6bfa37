import {compileModule} from '../scripts/compile-module.js'
import {temporaryDirectory} from './temporary-directory.js'

/**
 * Compiles a module of the source for a process of its own, or as another copy than the one that a test imports.
 *
 * @param module its path below src/
 * @returns the absolute path of an ES module
 */
export async function compiled(module: string): Promise<string> {
  return await compileModule(module, await temporaryDirectory())
}

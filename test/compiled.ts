import path from 'node:path'
import {build} from 'rolldown'
import {temporaryDirectory} from './temporary-directory.js'

/**
 * Compiles a module of the source, with all that it imports, for a process of its own: another copy than the one that a
 * test imports.
 *
 * @param module its path below src/
 * @returns the absolute path of an ES module
 */
export async function compiled(module: string): Promise<string> {
  const file = path.join(await temporaryDirectory(), `${path.parse(module).name}.mjs`)
  await build({
    input: new URL(`../src/${module}`, import.meta.url).pathname,
    platform: 'node',
    resolve: {extensionAlias: {'.js': ['.ts']}},
    output: {file, codeSplitting: false},
  })
  return file
}

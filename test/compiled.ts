import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'rolldown'
import {temporaryDirectory} from './temporary-directory.js'

const source = fileURLToPath(new URL('../src', import.meta.url))

/**
 * Compiles a module of the source, with all that it imports, into one ES module: for a process of its own, or as another
 * copy than the one that a test imports.
 *
 * @param module its path below src/
 * @returns the absolute path of the ES module
 */
export async function compiled(module: string): Promise<string> {
  const file = path.join(await temporaryDirectory(), `${path.parse(module).name}.mjs`)
  await build({
    input: path.join(source, module),
    platform: 'node',
    resolve: {extensionAlias: {'.js': ['.ts', '.js']}},
    output: {file, codeSplitting: false},
    logLevel: 'warn',
  })
  return file
}

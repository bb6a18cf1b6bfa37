// Modules of the source for whoever runs them without the rest: test/compiled.ts, scripts/bench-disk.
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'rolldown'

const source = fileURLToPath(new URL('../src', import.meta.url))

/**
 * Compiles a module of the source, with all that it imports, into one ES module: another copy than that in dist/.
 *
 * @param {string} module its path below src/
 * @param {string} directory where it is written
 * @returns {Promise<string>} its absolute path
 */
export async function compileModule(module, directory) {
  const file = path.join(directory, `${path.parse(module).name}.mjs`)
  await build({
    input: path.join(source, module),
    platform: 'node',
    resolve: {extensionAlias: {'.js': ['.ts', '.js']}},
    output: {file, codeSplitting: false},
    logLevel: 'warn',
  })
  return file
}

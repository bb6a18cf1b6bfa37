// vmrun as its users have it.
import {execFile} from 'node:child_process'
import {symlink} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {withTemporaryDirectory} from './temporary-directory.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Packs this tree's vmrun, with the manifest of its commands, and unpacks it for as long as something is done with it.
 *
 * @template Result
 * @param {(program: string) => Promise<Result>} use is given its executable
 * @returns {Promise<Result>}
 */
export async function withPackedVmrun(use) {
  return await withTemporaryDirectory('vmrun-packed-', async directory => {
    const {stdout} = await run('npm', ['pack', '--silent', '--pack-destination', directory], {cwd: root})
    const tarball = stdout.trim().split('\n').at(-1) ?? ''
    await run('tar', ['-xzf', path.join(directory, tarball), '-C', directory])
    await symlink(path.join(root, 'node_modules'), path.join(directory, 'package', 'node_modules'))
    return await use(path.join(directory, 'package', 'bin', 'run.js'))
  })
}

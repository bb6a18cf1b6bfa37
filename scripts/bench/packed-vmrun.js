// vmrun as its users have it.
import {execFile} from 'node:child_process'
import {mkdtemp, rm, symlink} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

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
  const directory = await mkdtemp(path.join(tmpdir(), 'vmrun-packed-'))
  try {
    const {stdout} = await run('npm', ['pack', '--silent', '--pack-destination', directory], {cwd: root})
    const tarball = stdout.trim().split('\n').at(-1) ?? ''
    await run('tar', ['-xzf', path.join(directory, tarball), '-C', directory])
    await symlink(path.join(root, 'node_modules'), path.join(directory, 'package', 'node_modules'))
    return await use(path.join(directory, 'package', 'bin', 'run.js'))
  } finally {
    await rm(directory, {recursive: true, force: true})
  }
}

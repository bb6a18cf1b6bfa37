// A directory for as long as something is done with it.
import {rmSync} from 'node:fs'
import {mkdtemp} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

/**
 * Makes a directory, of which nothing is left when this process ends, however it does short of SIGKILL.
 *
 * @template Result
 * @param {string} prefix of its name
 * @param {(directory: string) => Promise<Result>} use
 * @param {string} [parent] where it is made
 * @returns {Promise<Result>}
 */
export async function withTemporaryDirectory(prefix, use, parent = tmpdir()) {
  const directory = await mkdtemp(path.join(parent, prefix))
  const remove = () => rmSync(directory, {recursive: true, force: true, maxRetries: 3})
  process.on('exit', remove)
  try {
    return await use(directory)
  } finally {
    process.off('exit', remove)
    remove()
  }
}

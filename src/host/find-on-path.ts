import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import path from 'node:path'
import {pathIn} from './path-in.js'

/**
 * Finds a program on the PATH. Directories that are relative to the working directory are passed over: anybody may have
 * put a program there.
 *
 * @returns its absolute path as found, as some programs go by the name they are called; undefined where it is not there
 */
export async function findOnPath(name: string): Promise<string | undefined> {
  for (const directory of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const candidate = pathIn(directory, name)
    if (path.isAbsolute(directory) && (await isProgram(candidate))) {
      return candidate
    }
  }

  return
}

async function isProgram(candidate: string): Promise<boolean> {
  try {
    await access(candidate, constants.X_OK)
    return (await stat(candidate)).isFile()
  } catch {
    return false
  }
}

import {execFile} from 'node:child_process'
import {constants} from 'node:fs'
import {access, readFile, stat} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {pathIn} from './path-in.js'

/**
 * The directories of a search path. Those that are relative are passed over, so that nothing is executed that merely lies
 * where vmrun happens to be.
 */
function directoriesOf(searchPath = ''): readonly string[] {
  return searchPath.split(path.delimiter).filter(directory => path.isAbsolute(directory))
}

/** What programs that vmrun starts get to see of its own environment: not the secrets that may be in it. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const {PATH: programs, LD_LIBRARY_PATH: libraries, TMPDIR: temporary} = process.env
  const [PATH, LD_LIBRARY_PATH] = [programs, libraries].map(one => directoriesOf(one).join(path.delimiter))
  return {
    ...(PATH && {PATH}),
    ...(LD_LIBRARY_PATH && {LD_LIBRARY_PATH}),
    ...(temporary !== undefined && {TMPDIR: temporary}),
  }
}

/**
 * Finds a program on the PATH.
 *
 * @returns its absolute path as found, as some programs go by the name they are called; undefined where it is not there
 */
export async function findOnPath(name: string): Promise<string | undefined> {
  for (const directory of directoriesOf(process.env['PATH'])) {
    const candidate = pathIn(directory, name)
    if (await isProgram(candidate)) {
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

/** Names this boot of the host. @throws where the host does not name its boots */
export async function bootId(): Promise<string> {
  if (process.platform === 'darwin') {
    const asked = promisify(execFile)('sysctl', ['-n', 'kern.bootsessionuuid'], {env: bareEnvironment()})
    return (await asked).stdout.trim()
  }

  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}

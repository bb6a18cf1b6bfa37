import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {bareEnvironment, findOnPath} from './environment.js'

/** Which kinds of memory go into a core, a bit for each: core(5). It is inherited, and takes no right to change. */
const coreFilterFile = '/proc/self/coredump_filter'

/** Has no memory of this process in a core, nor of what it starts from now on. It takes no time. On Linux only. */
export function emptyCores(): void {
  try {
    writeFileSync(coreFilterFile, '0')
  } catch {
    // What is in force, areCoreDumpsForbidden tells.
  }
}

/**
 * A limit for a core, in bytes, with which there is none: the kernel writes no file that cannot hold a page, and hands
 * none to a program when the limit is exactly 1, although it does when it is 0 (Linux, fs/coredump.c).
 */
const noCore = '1'

const coreLimit = /^Max core file size\s+(?<soft>\S+)/mu

const noMemory = /^0+$/u

/**
 * Keeps what this process knows, and what it starts from now on, out of cores: there are none (by prlimit, of util-linux),
 * and no memory would be in them. On Linux only.
 *
 * @param limit how long prlimit may take, in milliseconds
 * @returns whether that is in force
 */
export async function forbidCoreDumps(limit = 10_000): Promise<boolean> {
  emptyCores()
  const prlimit = await findOnPath('prlimit')
  if (prlimit !== undefined) {
    const child = spawn(prlimit, [`--pid=${process.pid}`, `--core=${noCore}:${noCore}`], {
      env: bareEnvironment(),
      stdio: 'ignore',
      timeout: limit,
      killSignal: 'SIGKILL',
    })
    await once(child, 'exit').catch(() => undefined)
  }

  return await areCoreDumpsForbidden()
}

/** Whether this process leaves no core, neither in a file nor with a program, or one without any memory in it. */
export async function areCoreDumpsForbidden(): Promise<boolean> {
  try {
    if (noMemory.test((await readFile(coreFilterFile, 'utf8')).trim())) {
      return true
    }

    const soft = coreLimit.exec(await readFile('/proc/self/limits', 'utf8'))?.groups?.['soft']
    const pattern = await readFile('/proc/sys/kernel/core_pattern', 'utf8')
    // core(5): a program after `|`, a socket after `@`.
    const isFile = !(pattern.startsWith('|') || pattern.startsWith('@'))
    return soft === noCore || (isFile && soft === '0')
  } catch {
    return false
  }
}

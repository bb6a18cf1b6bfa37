import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import {bareEnvironment, findOnPath} from './environment.js'

/**
 * Has no memory of this process in a core, nor of what it starts from now on: core(5), coredump_filter, a bit for each kind
 * of memory. It is inherited, takes no right to change and no time. On Linux only.
 *
 * @returns whether that is in force
 */
export function emptyCores(): boolean {
  try {
    writeFileSync('/proc/self/coredump_filter', '0')
    return true
  } catch {
    return false
  }
}

/**
 * A limit for a core, in bytes, with which there is none: the kernel writes no file that cannot hold a page, and hands
 * none to a program when the limit is exactly 1, although it does when it is 0 (Linux, fs/coredump.c).
 */
const noCore = '1'

/**
 * Keeps what this process knows, and what it starts from now on, out of cores: there are none (by prlimit, of util-linux),
 * and no memory would be in them. On Linux only.
 *
 * @param limit how long prlimit may take, in milliseconds
 * @returns whether one of both is in force
 */
export async function forbidCoreDumps(limit = 10_000): Promise<boolean> {
  const isEmpty = emptyCores()
  const prlimit = await findOnPath('prlimit')
  if (prlimit === undefined) {
    return isEmpty
  }

  const child = spawn(prlimit, [`--pid=${process.pid}`, `--core=${noCore}:${noCore}`], {
    env: bareEnvironment(),
    stdio: 'ignore',
    timeout: limit,
    killSignal: 'SIGKILL',
  })
  await once(child, 'exit').catch(() => undefined)
  return isEmpty || child.exitCode === 0
}

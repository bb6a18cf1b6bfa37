import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {promisify} from 'node:util'
import {bareEnvironment} from '../qemu/confinement/environment.js'

/**
 * A limit for a core, in bytes, with which there is none: the kernel writes no file that cannot hold a page, and hands
 * none to a program when the limit is exactly 1, although it does when it is 0 (Linux, fs/coredump.c).
 */
const noCore = '1'

const coreLimit = /^Max core file size\s+(?<soft>\S+)/mu

/**
 * Keeps this process, and what it starts from now on, from leaving a core: all that it knows would be in there. By
 * prlimit (util-linux), so on Linux only.
 *
 * @returns whether that is in force
 */
export async function forbidCoreDumps(): Promise<boolean> {
  try {
    const limits = [`--pid=${process.pid}`, `--core=${noCore}:${noCore}`]
    await promisify(execFile)('prlimit', limits, {env: bareEnvironment()})
  } catch {
    // There is no prlimit, or the limit was 0 for good: which one is told below.
  }

  return await areCoreDumpsForbidden()
}

/** Whether this process leaves no core, neither in a file nor with a program. */
export async function areCoreDumpsForbidden(): Promise<boolean> {
  try {
    const limit = coreLimit.exec(await readFile('/proc/self/limits', 'utf8'))?.groups?.['soft']
    const pattern = await readFile('/proc/sys/kernel/core_pattern', 'utf8')
    // core(5): a program after `|`, a socket after `@`.
    const isFile = !(pattern.startsWith('|') || pattern.startsWith('@'))
    return limit === noCore || (isFile && limit === '0')
  } catch {
    return false
  }
}

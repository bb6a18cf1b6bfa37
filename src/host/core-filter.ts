import {writeFileSync} from 'node:fs'

/** Which kinds of memory go into a core, a bit for each: core(5). It is inherited, and takes no right to change. */
export const coreFilterFile = '/proc/self/coredump_filter'

/** Has no memory of this process in a core, nor of what it starts from now on. It takes no time. On Linux only. */
export function emptyCores(): void {
  try {
    writeFileSync(coreFilterFile, '0')
  } catch {
    // What is in force, areCoreDumpsForbidden tells.
  }
}

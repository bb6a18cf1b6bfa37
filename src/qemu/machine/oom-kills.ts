import {readFile} from 'node:fs/promises'

const counter = /^oom_kill (?<count>\d+)$/mu

/**
 * How many processes the kernel has killed since the host was started because memory ran out, the host's or that of a
 * control group (Linux, Documentation/filesystems/proc.rst; the counter is there since 4.13).
 *
 * @returns undefined where the host does not tell
 */
export async function countOomKills(): Promise<number | undefined> {
  try {
    const {count} = counter.exec(await readFile('/proc/vmstat', 'utf8'))?.groups ?? {}
    return count === undefined ? undefined : Number(count)
  } catch {
    return
  }
}

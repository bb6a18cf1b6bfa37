// What the kernel knows of a running vmrun: proc_pid_smaps(5), proc_pid_task(5).
import {readdir, readFile} from 'node:fs/promises'

const pss = /^Pss:\s+(\d+) kB$/mu

/**
 * The memory that a process would give back if it ended: its own pages, and its share of those that it has together
 * with others.
 *
 * @param {number} pid
 * @returns {Promise<number>} megabytes of a million bytes
 */
export async function memoryOf(pid) {
  const kibibytes = Number(pss.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
  return (kibibytes * 1024) / 1e6
}

/**
 * The time for which the threads of a process had a processor, by the scheduler's own count: utime and stime count in
 * steps of ten milliseconds, and see nothing of a thread that wakes up for less.
 *
 * @param {number} pid
 * @returns {Promise<number>} milliseconds
 */
export async function processorTimeOf(pid) {
  const threads = await readdir(`/proc/${pid}/task`)
  const nanoseconds = await Promise.all(
    threads.map(async thread => {
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')
      return Number(text.split(' ')[0])
    }),
  )
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6
}

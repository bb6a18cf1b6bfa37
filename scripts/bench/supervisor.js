// What the kernel knows of a running vmrun: proc_pid_smaps(5), proc_pid_task(5).
import {readdir, readFile} from 'node:fs/promises'

/**
 * The memory that a process would give back if it ended: its own pages, and its share of those that it has together
 * with others.
 *
 * @param {number} pid
 * @returns {Promise<number>} megabytes of a million bytes
 */
export async function memoryOf(pid) {
  return await rollup(pid, 'Pss')
}

/**
 * The part of it that is in no file: unlike its share of Node's program, it does not depend on how many others run that.
 *
 * @param {number} pid
 * @returns {Promise<number>} megabytes of a million bytes
 */
export async function ownMemoryOf(pid) {
  return await rollup(pid, 'Pss_Anon')
}

/**
 * @param {number} pid
 * @param {string} key
 */
async function rollup(pid, key) {
  const lines = (await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')).split('\n')
  const line = lines.find(one => one.startsWith(`${key}:`)) ?? ''
  return (Number.parseInt(line.slice(key.length + 1), 10) * 1024) / 1e6
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

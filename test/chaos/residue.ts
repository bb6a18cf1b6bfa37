import {readdir, readFile, readlink} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

/** How long the kernel and the reaper have to remove what a killed vmrun had, in milliseconds. */
const removalLimit = 15_000

/** How often is looked meanwhile, in milliseconds. */
const interval = 20

/** Looks until nothing is left. Gives what is left in the end, a line each. */
export async function whatStays(
  look: () => Promise<readonly string[]>,
  limit = removalLimit,
): Promise<readonly string[]> {
  const deadline = performance.now() + limit
  let left = await look()
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(interval)
    left = await look()
  }

  return left
}

/** What is below a directory, directories included, beside what is known to be there. Paths are relative to it. */
export async function filesBelow(
  directory: string,
  known: readonly string[] = [],
): Promise<readonly string[]> {
  const names = await readdir(directory, {recursive: true})
  return names
    .filter(name => !known.includes(name))
    .sort()
    .map(name => `file ${name}`)
}

/**
 * The processes, of every user, that have to do with a directory: that name it on their command line or in their
 * environment, that run in it or from it, and that have one of its files open, deleted or not.
 *
 * @param but a process that is known
 */
export async function processesAt(directory: string, but?: number): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/u.test(name) && name !== String(but))
  return (await Promise.all(pids.map(pid => tiesOf(pid, directory)))).flat()
}

async function tiesOf(pid: string, directory: string): Promise<readonly string[]> {
  const [line = '', environment = ''] = await Promise.all(
    ['cmdline', 'environ'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  )
  // A process that ends meanwhile, or of which nothing may be known, is none of ours.
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const links = ['cwd', 'exe', ...descriptors.map(name => `fd/${name}`)]
  const targets = await Promise.all(links.map(name => readlink(`/proc/${pid}/${name}`).catch(() => '')))
  const held = targets.filter(target => target === directory || target.startsWith(`${directory}${path.sep}`))
  const isOurs = line.includes(directory) || environment.includes(directory)
  return [
    ...(isOurs ? [`process ${pid}: ${line.replace(/[\0\s]+/gu, ' ').slice(0, 200)}`] : []),
    ...held.map(target => `process ${pid} holds ${target}`),
  ]
}

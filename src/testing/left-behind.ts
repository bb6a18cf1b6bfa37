import {readdir, readFile, readlink} from 'node:fs/promises'
import path from 'node:path'
import {isMainThread} from 'node:worker_threads'
import {printable} from '../text/printable.js'

/**
 * Everything that a run could leave, as texts for people: the files in a directory, the processes that use them or that
 * this process has started, and those of the files that this process has open. Of processes and open files only where
 * there is a /proc.
 *
 * @param ignored a directory in it that does not count
 */
export async function tracesIn(directory: string, ignored: string): Promise<readonly string[]> {
  const [files, processes, open] = await Promise.all([
    readdir(directory, {recursive: true}),
    processesOf(directory),
    openFiles(process.pid),
  ])
  return [
    ...files
      .map(name => path.join(directory, name))
      .filter(file => !file.startsWith(ignored))
      .map(file => `file ${printable(file)}`),
    ...processes.map(({pid, line}) => `process ${pid}: ${printable(line)}`),
    ...[...open.values()]
      .filter(file => file.startsWith(directory))
      .map(file => `open file ${printable(file)}`),
  ]
}

/** The files that a process has open, by the names by which the kernel leads to them; none where that cannot be seen. */
export async function openFiles(pid: number): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const links = names.map(name => `/proc/${pid}/fd/${name}`)
  const files = await Promise.all(links.map(link => readlink(link).catch(() => '')))
  return new Map(links.map((link, index) => [link, files[index] ?? '']))
}

/** A process as proc(5) tells of it. */
interface Process {
  readonly pid: number
  readonly parent: number
  readonly line: string
  /** Whether it has to do with the directory. */
  readonly isHere: boolean
}

const pidName = /^\d+$/u

async function processesOf(directory: string): Promise<readonly Process[]> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter(name => pidName.test(name)).map(Number)
  const all = (await Promise.all(pids.map(pid => look(pid, directory)))).flat()
  // Threads of one process are other tests: their children are not told from ours.
  const ours = isMainThread ? descendants(all, process.pid) : []
  return all.filter(one => one.pid !== process.pid && (one.isHere || ours.includes(one)))
}

/** @returns nothing for one that is gone */
async function look(pid: number, directory: string): Promise<readonly Process[]> {
  const [stat = '', line = '', environment = ''] = await Promise.all(
    ['stat', 'cmdline', 'environ'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  )
  // The name of the program, in brackets, may hold anything (proc_pid_stat(5)).
  const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (stat === '' || state === 'Z') {
    return []
  }

  const files = (await openFiles(pid)).values()
  const isHere = [line, environment, ...files].some(text => text.includes(directory))
  return [{pid, parent: Number(parent), line: line.split('\0').join(' ').trim(), isHere}]
}

/** The processes that one started, and that those did, as long as their parents are there. */
function descendants(all: readonly Process[], ancestor: number): readonly Process[] {
  const children = all.filter(({parent}) => parent === ancestor)
  return [...children, ...children.flatMap(({pid}) => descendants(all, pid))]
}

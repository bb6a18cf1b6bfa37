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
    ...open.filter(file => file.startsWith(directory)).map(file => `open file ${printable(file)}`),
  ]
}

/** The files that a process has open; none where that cannot be seen. */
export async function openFiles(pid: number | string): Promise<readonly string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => [])
  return await Promise.all(names.map(name => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
}

/** A process as proc(5) tells of it. */
interface Process {
  readonly pid: string
  readonly parent: string
  readonly line: string
  /** All that names what it has to do with. */
  readonly words: string
}

const pidName = /^\d+$/u

async function processesOf(directory: string): Promise<readonly Process[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter(name => pidName.test(name))
  const all = (await Promise.all(pids.map(look))).flat()
  const own = String(process.pid)
  // Threads of one process are other tests: their children are not told from ours.
  const ours = isMainThread ? descendants(all, own) : []
  return all.filter(one => one.pid !== own && (one.words.includes(directory) || ours.includes(one)))
}

/** @returns nothing for one that is gone */
async function look(pid: string): Promise<readonly Process[]> {
  const [stat = '', line = '', environment = ''] = await Promise.all(
    ['stat', 'cmdline', 'environ'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  )
  // The name of the program, in brackets, may hold anything (proc_pid_stat(5)).
  const [state, parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const words = [line, environment, ...(await openFiles(pid))].join('\0')
  return stat === '' || state === 'Z' ? [] : [{pid, parent, line: line.replaceAll('\0', ' ').trim(), words}]
}

/** The processes that one started, and that those did, as long as their parents are there. */
function descendants(all: readonly Process[], ancestor: string): readonly Process[] {
  const children = all.filter(({parent}) => parent === ancestor)
  return [...children, ...children.flatMap(({pid}) => descendants(all, pid))]
}

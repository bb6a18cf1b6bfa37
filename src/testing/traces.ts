import {readdir, readFile, readlink} from 'node:fs/promises'
import path from 'node:path'
import {isMainThread} from 'node:worker_threads'
import {printable} from '../text/printable.js'

/** A process as proc(5) tells of it. */
interface Process {
  readonly pid: number
  readonly parent: number
  readonly line: string
  /** Whether it has to do with the directory. */
  readonly isHere: boolean
}

const pidName = /^\d+$/u

/**
 * Everything that a run could leave, as texts for people: the files in a directory, the processes that use them or that
 * this process has started, and those of the files that this process has open. Of processes and open files only where
 * there is a /proc.
 *
 * @param ignored a directory in it that does not count
 */
export async function tracesIn(directory: string, ignored: string): Promise<ReadonlySet<string>> {
  const [files, processes, open] = await Promise.all([
    filesIn(directory),
    processesOf(directory),
    openFiles(process.pid),
  ])
  return new Set([
    ...files.filter(file => !file.startsWith(ignored)).map(file => `file ${printable(file)}`),
    ...processes.map(({pid, line}) => `process ${pid}: ${printable(line)}`),
    ...open.filter(({file}) => file.startsWith(directory)).map(({file}) => `open file ${printable(file)}`),
  ])
}

/** Whether a trace is a process. */
export function isProcess(trace: string): boolean {
  return trace.startsWith('process ')
}

/** All files and directories below a directory. */
export async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, {recursive: true, withFileTypes: true})
  return entries.map(entry => path.join(entry.parentPath, entry.name))
}

/** An open file: the name by which the kernel leads to it, and what it says that the file is. */
export interface OpenFile {
  readonly link: string
  readonly file: string
}

/** The files that a process has open; none where that cannot be seen. */
export async function openFiles(pid: number): Promise<readonly OpenFile[]> {
  const directory = `/proc/${pid}/fd`
  const names = await readdir(directory).catch(() => [])
  return await Promise.all(
    names.map(async name => {
      const link = `${directory}/${name}`
      return {link, file: await readlink(link).catch(() => '')}
    }),
  )
}

async function processesOf(directory: string): Promise<readonly Process[]> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter(name => pidName.test(name)).map(Number)
  const all = (await Promise.all(pids.map(pid => look(pid, directory)))).filter(one => one !== undefined)
  // Threads of one process are other tests: their children are not told from ours.
  const ours = isMainThread ? descendants(all) : new Set()
  return all.filter(({pid, isHere}) => pid !== process.pid && (isHere || ours.has(pid)))
}

/** @returns undefined for one that is gone */
async function look(pid: number, directory: string): Promise<Process | undefined> {
  const [stat = '', line = '', environment = ''] = await Promise.all(
    ['stat', 'cmdline', 'environ'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  )
  // The name of the program, in brackets, may hold anything (proc_pid_stat(5)).
  const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (stat === '' || state === 'Z') {
    return
  }

  const open = await openFiles(pid)
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  const isHere = [line, environment, cwd, ...open.map(({file}) => file)].some(text =>
    text.includes(directory),
  )
  return {pid, parent: Number(parent), line: line.split('\0').join(' ').trim(), isHere}
}

/** The processes that this one started, and that those did, as long as their parents are there. */
function descendants(all: readonly Process[]): ReadonlySet<number> {
  const childrenOf = (pid: number): readonly number[] =>
    all.filter(({parent}) => parent === pid).flatMap(child => [child.pid, ...childrenOf(child.pid)])
  return new Set(childrenOf(process.pid))
}

import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, openSync, readdirSync, readFileSync} from 'node:fs'
import {HostError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {bareEnvironment} from './bare-environment.js'
import {resourceHint} from './resource-hint.js'

/** What a program gets as its descriptors, from 0 on; a number is a descriptor of this process. */
export type Descriptors = ReadonlyArray<'ignore' | 'pipe' | number>

/**
 * Starts a program that may outlive this process for a moment: see `spawnApart`.
 *
 * @param failure how the message begins when it cannot be started
 * @throws HostError
 */
export async function startProcess(
  command: readonly [string, ...string[]],
  stdio: Descriptors,
  failure: string,
): Promise<ChildProcess> {
  try {
    const child = spawnApart(command, stdio)
    await once(child, 'spawn')
    return child
  } catch (error) {
    throw new HostError(`${failure}: ${messageOf(error)}`, {hint: resourceHint(error), cause: error})
  }
}

/**
 * Starts a program that leads a session of its own, which no signal from a terminal reaches, is where it can leave
 * nothing, sees none of the secrets of the environment, and has no file of this process open but those it is given.
 *
 * @throws what `spawn` throws; it may emit an `error` instead
 */
export function spawnApart(
  [program, ...programArguments]: readonly [string, ...string[]],
  stdio: Descriptors,
): ChildProcess {
  const others = coverable(inheritable().filter(descriptor => descriptor >= stdio.length))
  const options = {detached: true, cwd: '/', env: bareEnvironment()}
  if (others.length === 0) {
    return spawn(program, programArguments, {...options, stdio: [...stdio]})
  }

  const nothing = openSync('/dev/null', 'r+')
  try {
    return spawn(program, programArguments, {...options, stdio: covered(stdio, others, nothing)})
  } finally {
    closeSync(nothing)
  }
}

/** proc_pid_limits(5): the soft limit, which is a number or `unlimited`. */
const openFilesLine = /^Max open files\s+(?<limit>\d+)/mu

/**
 * Those of some descriptors in whose place a program can be given another file. From about the limit of open files on it
 * cannot, as dup2(2) takes no such number: those this process closes, so that nobody inherits them.
 *
 * @param descriptors in ascending order
 */
function coverable(descriptors: readonly number[]): readonly number[] {
  if (descriptors.length === 0 || process.platform !== 'linux') {
    return descriptors
  }

  const {limit = Number.POSITIVE_INFINITY} =
    openFilesLine.exec(readFileSync('/proc/self/limits', 'utf8'))?.groups ?? {}
  // libuv needs a number above them for each on the way.
  const first = Number(limit) - descriptors.length
  for (const descriptor of descriptors.filter(one => one >= first)) {
    closeSync(descriptor)
  }

  return descriptors.filter(one => one < first)
}

/** Above 2, `ignore` leaves a descriptor as it is. */
function covered(stdio: Descriptors, others: readonly number[], nothing: number): Descriptors[number][] {
  const all: Descriptors[number][] = [...stdio]
  for (const descriptor of others) {
    while (all.length < descriptor) {
      all.push('ignore')
    }

    all[descriptor] = nothing
  }

  return all
}

/** Linux, include/uapi/asm-generic/fcntl.h: O_CLOEXEC; the same on every architecture that Node runs on. */
const closeOnExec = 0o200_0000

/**
 * Descriptors of this process that a program it starts would have open too: those it was itself started with, such as
 * the lock of a shell script. Node sees only to the lowest of them. In ascending order.
 */
function inheritable(): readonly number[] {
  const directory = process.platform === 'linux' ? '/proc/self/fdinfo' : '/dev/fd'
  return namesIn(directory)
    .map(Number)
    .filter(descriptor => process.platform !== 'linux' || staysOpen(`${directory}/${descriptor}`))
    .sort((one, other) => one - other)
}

/** Nothing where the host does not tell. */
function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** proc_pid_fdinfo(5): they are octal. */
const flagsLine = /^flags:\s*(?<flags>[0-7]+)$/mu

function staysOpen(info: string): boolean {
  try {
    const {flags = ''} = flagsLine.exec(readFileSync(info, 'utf8'))?.groups ?? {}
    return (Number.parseInt(flags, 8) & closeOnExec) === 0
  } catch {
    // The one that the directory was read with is closed again.
    return false
  }
}

import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, existsSync, openSync, readdirSync, readFileSync} from 'node:fs'
import {attempt} from '../errors/errors.js'
import {bareEnvironment} from './environment.js'
import {failedCall} from './resource-hint.js'

/** What a program gets as its descriptors, from 0 on; a number is a descriptor of this process. */
export type Descriptors = ReadonlyArray<'ignore' | 'pipe' | number>

/**
 * Starts a program that may outlive this process for a moment. It leads a session of its own, which no signal from a
 * terminal reaches, is where it can leave nothing, sees none of the secrets of the environment, and has no file of this
 * process open but those it is given.
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
    throw failedCall(failure, error)
  }
}

function spawnApart(
  [program, ...programArguments]: readonly [string, ...string[]],
  stdio: Descriptors,
): ChildProcess {
  const others = inheritable()
  const nothing = openSync('/dev/null', 'r+')
  try {
    return spawn(program, programArguments, {
      detached: true,
      cwd: '/',
      env: bareEnvironment(),
      stdio: covered(stdio, others, nothing),
    })
  } finally {
    closeSync(nothing)
  }
}

/** What a program is given, with nothing in the place of every other descriptor that it would have open. */
function covered(given: Descriptors, others: ReadonlySet<number>, nothing: number): Descriptors[number][] {
  // Above 2, `ignore` leaves a descriptor as it is.
  const length = Math.max(given.length, ...Array.from(others, one => one + 1))
  return Array.from(
    {length},
    (_, descriptor) => given[descriptor] ?? (others.has(descriptor) ? nothing : 'ignore'),
  )
}

/** Linux, include/uapi/asm-generic/fcntl.h: O_CLOEXEC; the same on every architecture that Node runs on. */
const closeOnExec = 0o200_0000

/** proc_pid_fdinfo(5): they are octal. */
const flagsLine = /^flags:\s*(?<flags>[0-7]+)$/mu

/**
 * Descriptors of this process that a program it starts would have open too: those it was itself started with, such as
 * the lock of a shell script. Node sees only to the lowest of them. None where the host does not tell.
 */
function inheritable(): ReadonlySet<number> {
  const isLinux = process.platform === 'linux'
  const directory = isLinux ? '/proc/self/fdinfo' : '/dev/fd'
  const descriptors = existsSync(directory) ? readdirSync(directory) : []
  return new Set(descriptors.filter(name => !isLinux || staysOpen(`${directory}/${name}`)).map(Number))
}

function staysOpen(info: string): boolean {
  // The one that the directory was read with is closed again.
  const text = attempt(() => readFileSync(info, 'utf8'))
  const {flags = ''} = flagsLine.exec(text ?? '')?.groups ?? {}
  return text !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0
}

/**
 * Takes charge of the process group that a child leads: what the child leaves of it when it ends is killed. Should this
 * process end first, by a bug, the group ends too; SIGKILL to this process it cannot follow.
 *
 * @param child one that was started just now, as the leader of its group
 * @returns kills the group; what is gone, and what cannot be killed, is passed over
 */
export function childGroup(child: ChildProcess): () => void {
  const {pid} = child
  let isGone = false
  const kill = (): void => {
    try {
      if (pid !== undefined && !isGone) {
        process.kill(-pid, 'SIGKILL')
      }
    } catch {
      // Nothing is left of it.
    }
  }
  process.on('exit', kill)
  child.once('exit', () => {
    kill()
    // From now on another group may get its number.
    isGone = true
    process.off('exit', kill)
  })
  return kill
}

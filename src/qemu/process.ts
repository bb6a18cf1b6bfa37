import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {Socket} from 'node:net'
import type {Duplex, Readable} from 'node:stream'
import {HostError} from '../errors.js'
import {messageOf} from '../thrown.js'
import {bareEnvironment} from './environment.js'
import type {ProcessExit} from './machine-end.js'

/** The descriptors that `spawnQemu` hands over. */
export const descriptors = {qmp: 3, console: 4} as const

/** How much of what QEMU prints is kept for a message, in characters. */
const stderrLimit = 4096

export interface QemuProcess {
  readonly pid: number
  readonly qmp: Duplex
  /** What the guest sends to its serial port. */
  readonly console: Readable
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<ProcessExit>
  kill(): void
}

/**
 * Starts QEMU with a socket to it on each of `descriptors`. It leads a session of its own, so that the terminal's
 * Ctrl-C goes to vmrun alone.
 *
 * @param directory its working directory: what it leaves there, such as a core, goes away with it
 * @throws HostError when the program cannot be started
 */
export async function spawnQemu(
  program: string,
  programArguments: readonly string[],
  directory: string,
): Promise<QemuProcess> {
  const child = await started(program, programArguments, directory)
  endWithThisProcess(child)
  return {
    pid: Number(child.pid),
    qmp: socketOf(child, descriptors.qmp),
    console: socketOf(child, descriptors.console),
    exited: exitOf(child),
    kill: () => killGroup(child),
  }
}

async function started(
  program: string,
  programArguments: readonly string[],
  directory: string,
): Promise<ChildProcess> {
  try {
    const child = spawn(program, programArguments, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
      cwd: directory,
      env: bareEnvironment(),
    })
    await once(child, 'spawn')
    return child
  } catch (error) {
    throw new HostError(`cannot start ${program}: ${messageOf(error)}`, {cause: error})
  }
}

/** Kills the process and whatever it started: the program may be a script around QEMU. */
function killGroup({pid, exitCode, signalCode}: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) {
    return
  }

  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Gone already, or not ours to kill: whoever waits for its end finds out.
  }
}

/** Should this process end before it has seen to the child, by a bug, the child ends too. SIGKILL it cannot follow. */
function endWithThisProcess(child: ChildProcess): void {
  const kill = (): void => killGroup(child)
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}

async function exitOf(child: ChildProcess): Promise<ProcessExit> {
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrLimit)
  })
  // Not `close`, which waits until whoever reads the console has taken all of it.
  const said = new Promise<void>(resolve => {
    child.stderr?.once('close', resolve)
  })
  const exit = new Promise<Omit<ProcessExit, 'stderr'>>(resolve => {
    child.once('exit', (code, signal) => resolve({code, signal}))
  })
  return {...(await exit), ...(await said.then(() => ({stderr})))}
}

function socketOf(child: ChildProcess, descriptor: number): Socket {
  const stream = child.stdio[descriptor]
  if (!(stream instanceof Socket)) {
    throw new HostError(`descriptor ${descriptor} of the new process is no socket`)
  }

  return stream
}

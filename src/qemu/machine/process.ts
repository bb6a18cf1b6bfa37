import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import type {FileHandle} from 'node:fs/promises'
import {Socket} from 'node:net'
import type {Duplex, Readable} from 'node:stream'
import {HostError} from '../../errors.js'
import {resourceHint} from '../../resource-hint.js'
import {messageOf} from '../../thrown.js'
import type {Command} from '../confinement/confine.js'
import {bareEnvironment} from '../confinement/environment.js'
import type {ProcessExit} from './machine-end.js'
import {countOomKills} from './oom-kills.js'
import {lastLines} from './stderr.js'

/** The descriptors of the connections to QEMU; those of the files that it inherits follow. */
export const descriptors = {qmp: 3, console: 4} as const

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
 * @param isElsewhere takes each line that it prints, and tells whether it is of no use in a message
 * @throws HostError when the program cannot be started
 */
export async function spawnQemu(
  command: Command,
  inherited: readonly FileHandle[] = [],
  isElsewhere: (line: string) => boolean = () => false,
): Promise<QemuProcess> {
  const oomKills = await countOomKills()
  const child = await started(command, inherited)
  endWithThisProcess(child)
  return {
    pid: Number(child.pid),
    qmp: socketOf(child, descriptors.qmp),
    console: socketOf(child, descriptors.console),
    exited: exitOf(child, isElsewhere, oomKills),
    kill: () => killGroup(child),
  }
}

async function started(
  [program, ...programArguments]: Command,
  inherited: readonly FileHandle[],
): Promise<ChildProcess> {
  try {
    const child = spawn(program, programArguments, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', ...inherited.map(({fd}) => fd)],
      detached: true,
      // No place where it could leave anything.
      cwd: '/',
      env: bareEnvironment(),
    })
    await once(child, 'spawn')
    return child
  } catch (error) {
    throw new HostError(`cannot start ${program}: ${messageOf(error)}`, {
      hint: resourceHint(error),
      cause: error,
    })
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

async function exitOf(
  child: ChildProcess,
  isElsewhere: (line: string) => boolean,
  oomKillsBefore: number | undefined,
): Promise<ProcessExit> {
  // Not the child's `close`, which waits until whoever reads the console has taken all of it.
  const said = child.stderr === null ? '' : lastLines(child.stderr, isElsewhere)
  const exit = await new Promise<Pick<ProcessExit, 'code' | 'signal'>>(resolve => {
    child.once('exit', (code, signal) => resolve({code, signal}))
  })
  const oomKills = await countOomKills()
  return {
    ...exit,
    stderr: await said,
    ...(oomKills !== undefined && oomKillsBefore !== undefined && {oomKills: oomKills - oomKillsBefore}),
  }
}

function socketOf(child: ChildProcess, descriptor: number): Socket {
  const stream = child.stdio[descriptor]
  if (!(stream instanceof Socket)) {
    throw new HostError(`descriptor ${descriptor} of the new process is no socket`)
  }

  return stream
}

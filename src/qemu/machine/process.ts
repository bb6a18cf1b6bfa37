import type {ChildProcess} from 'node:child_process'
import type {FileHandle} from 'node:fs/promises'
import {Socket} from 'node:net'
import type {Duplex, Readable} from 'node:stream'
import {HostError} from '../../errors.js'
import {childGroup} from '../../host/child-group.js'
import {startProcess} from '../../host/start-process.js'
import type {Command} from '../confinement/confine.js'
import type {ProcessExit} from './machine-end.js'
import {countOomKills, type OomKills} from './oom-kills.js'
import {lastLines} from './stderr.js'

/** The descriptors of the connections to QEMU; those of the files that it inherits follow. */
export const descriptors = {qmp: 3, console: 4} as const

export interface QemuProcess {
  readonly pid: number
  readonly qmp: Duplex
  /** What the guest sends to its serial port. */
  readonly console: Readable
  /** Settles when the process is gone, and whatever it started that prints; never rejects. */
  readonly exited: Promise<ProcessExit>
  /** Kills the process and whatever it started: the program may be a script around QEMU. */
  kill(): void
}

/**
 * Starts QEMU with a socket to it on each of `descriptors`. The terminal's Ctrl-C goes to vmrun alone.
 *
 * @param takeLine is given each line that it prints, and tells whether it has taken it: then it is in no message
 * @throws HostError when the program cannot be started
 */
export async function spawnQemu(
  command: Command,
  inherited: readonly FileHandle[] = [],
  takeLine: (line: string) => boolean = () => false,
): Promise<QemuProcess> {
  const countedOomKills = await countOomKills()
  const child = await startProcess(
    command,
    ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', ...inherited.map(({fd}) => fd)],
    `cannot start ${command[0]}`,
  )
  const kill = childGroup(child)
  return {
    pid: Number(child.pid),
    qmp: socketOf(child, descriptors.qmp),
    console: socketOf(child, descriptors.console),
    exited: exitOf(child, takeLine, countedOomKills),
    kill,
  }
}

async function exitOf(
  child: ChildProcess,
  takeLine: (line: string) => boolean,
  countedOomKills: () => Promise<OomKills | undefined>,
): Promise<ProcessExit> {
  // Not the child's `close`, which waits until whoever reads the console has taken all of it.
  const said = child.stderr === null ? '' : lastLines(child.stderr, takeLine)
  const exit = await new Promise<Pick<ProcessExit, 'code' | 'signal'>>(resolve => {
    child.once('exit', (code, signal) => resolve({code, signal}))
  })
  return {...exit, stderr: await said, oomKills: await countedOomKills()}
}

function socketOf(child: ChildProcess, descriptor: number): Socket {
  const stream = child.stdio[descriptor]
  if (!(stream instanceof Socket)) {
    throw new HostError(`descriptor ${descriptor} of the new process is no socket`)
  }

  return stream
}

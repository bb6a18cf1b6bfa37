import type {ChildProcess} from 'node:child_process'
import type {FileHandle} from 'node:fs/promises'
import {Socket} from 'node:net'
import type {Duplex, Readable} from 'node:stream'
import {HostError} from '../../errors/errors.js'
import {childGroup, startProcess} from '../../host/start-process.js'
import type {Command} from '../fence/confine.js'
import type {ProcessExit} from './machine-end.js'
import {countOomKills, type OomKills} from './oom-kills.js'

/** How much of what QEMU prints is kept for a message, in characters. */
const keptLength = 4096

/** The descriptors of the connections to QEMU, the last four of which lead to ports of the guest. */
export const descriptors = {qmp: 3, console: 4, status: 5, control: 6, log: 7, agent: 8} as const

/** The descriptor of the first file that QEMU inherits. */
const firstInherited = 9

/** Sockets to QEMU, by what they are for. */
export type Connections = Readonly<Record<keyof typeof descriptors, Duplex>>

/**
 * The name by which QEMU opens a file that it inherits, so that it needs no path to it, and no right to open it: it is a
 * set of descriptors (QEMU, qemu-options.hx, `-add-fd`).
 */
export function inheritedName(index: number): string {
  return `${prefix}${index + 1}`
}

const prefix = '/dev/fdset/'

/** The number of the set behind such a name. */
export function setOf(name: string): number {
  return Number(name.slice(prefix.length))
}

/** What QEMU has to be told of the files that it inherits, in their order. */
export function inheritedArguments(inherited: readonly FileHandle[]): readonly string[] {
  return inherited.flatMap((_, index) => ['-add-fd', `fd=${firstInherited + index},set=${index + 1}`])
}

export interface QemuProcess {
  readonly pid: number
  readonly connections: Connections
  /** Settles when the process is gone, and whatever it started that prints; never rejects. */
  readonly exited: Promise<ProcessExit>
  /** Kills the process and whatever it started: the program may be a script around QEMU. */
  kill(): void
}

/**
 * Starts QEMU with a socket to it on each of `descriptors`. The terminal's Ctrl-C goes to vmrun alone.
 *
 * @throws HostError when the program cannot be started
 */
export async function spawnQemu(
  command: Command,
  inherited: readonly FileHandle[] = [],
): Promise<QemuProcess> {
  const countedOomKills = await countOomKills()
  const child = await startProcess(
    command,
    [
      ...(['ignore', 'ignore', 'pipe'] as const),
      ...Object.values(descriptors).map(() => 'pipe' as const),
      ...inherited.map(({fd}) => fd),
    ],
    `cannot start ${command[0]}`,
  )
  return {
    kill: childGroup(child),
    pid: Number(child.pid),
    connections: {
      qmp: socketOf(child, descriptors.qmp),
      console: socketOf(child, descriptors.console),
      status: socketOf(child, descriptors.status),
      control: socketOf(child, descriptors.control),
      log: socketOf(child, descriptors.log),
      agent: socketOf(child, descriptors.agent),
    },
    exited: exitOf(child, countedOomKills),
  }
}

async function exitOf(
  child: ChildProcess,
  countedOomKills: () => Promise<OomKills | undefined>,
): Promise<ProcessExit> {
  // Not the child's `close`, which waits until whoever reads the console has taken all of it.
  const said = child.stderr === null ? '' : endOfText(child.stderr)
  const exit = await new Promise<Pick<ProcessExit, 'code' | 'signal'>>(resolve => {
    child.once('exit', (code, signal) => resolve({code, signal}))
  })
  return {...exit, stderr: await said, oomKills: await countedOomKills()}
}

/** The end of what a program prints, once nobody prints any more. */
async function endOfText(stream: Readable): Promise<string> {
  let end = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    end = (end + text).slice(-keptLength)
  })
  // Not `end`, which does not come when the stream is destroyed.
  await new Promise<void>(resolve => {
    stream.once('close', resolve)
  })
  return end
}

function socketOf(child: ChildProcess, descriptor: number): Socket {
  const stream = child.stdio[descriptor]
  if (!(stream instanceof Socket)) {
    throw new HostError(`descriptor ${descriptor} of the new process is no socket`)
  }

  return stream
}

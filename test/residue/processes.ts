import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {expect, onTestFinished} from 'vitest'
import {identityOf, type ProcessIdentity} from '../../src/residue/process-identity.js'

/** A process that really runs, and leads a session of its own as QEMU does. */
export interface RealProcess extends ProcessIdentity {
  /** Settles when it is gone. */
  readonly ended: Promise<NodeJS.Signals | null>
}

/** Starts a program; what is left of its process group is killed when the test is over. */
export async function running(
  program = 'sleep',
  programArguments: readonly string[] = ['1000'],
): Promise<RealProcess> {
  const child = spawn(program, programArguments, {detached: true, stdio: 'ignore'})
  const ended = endOf(child)
  await once(child, 'spawn')
  const pid = Number(child.pid)
  onTestFinished(() => killGroup(pid))
  const identity = identityOf(pid)
  expect(identity).toBeDefined()
  return {pid, start: '', ...identity, ended}
}

/** A process that ran and is gone. */
export async function dead(): Promise<ProcessIdentity> {
  const {ended, ...identity} = await running()
  killGroup(identity.pid)
  await ended
  return identity
}

/** A process that has ended and that its parent, which lives, will never wait for. */
export async function zombie(): Promise<ProcessIdentity> {
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => killGroup(Number(parent.pid)))
  const [line] = await once(parent.stdout, 'data')
  const pid = Number(line)
  // The shell has become `sleep`, which waits for nobody.
  await expect.poll(() => readFile(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n')
  const identity = identityOf(pid)
  expect(identity).toBeDefined()
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /u)
  return {pid, start: '', ...identity}
}

/** Kills what is left of a process group. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing is left.
  }
}

async function endOf(child: ChildProcess): Promise<NodeJS.Signals | null> {
  const [, signal] = await once(child, 'exit')
  return signal
}

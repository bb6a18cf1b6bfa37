import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {HostError} from '../errors.js'
import {bareEnvironment} from '../qemu/confinement/environment.js'
import {resourceHint} from '../resource-hint.js'
import {messageOf} from '../thrown.js'
import type {ProcessIdentity} from './process-identity.js'
import {reaperScript} from './reaper-script.js'

/** A process that outlives vmrun for a moment, however vmrun ends, and removes what it leaves. */
export interface Reaper {
  readonly pid: number
  /** Has it kill a process, with its process group, should vmrun end. */
  guard(process: ProcessIdentity): void
  /** The guarded process is gone. */
  release(): void
  /** Nothing is to be done any more. Resolves when the reaper is gone. */
  dismiss(): Promise<void>
}

/**
 * Starts a reaper. It leads a session of its own, so that no signal from a terminal reaches it, and does not keep
 * vmrun running.
 *
 * @param files absolute paths of what it removes when vmrun ends without having dismissed it
 * @throws HostError when it cannot be started
 */
export async function startReaper(files: readonly string[]): Promise<Reaper> {
  const child = await started(files)
  const gone = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
  })
  // One that somebody killed is not missed: there is still the sweep.
  child.stdin?.on('error', () => undefined)
  child.unref()
  // Whole in the kernel's hands when `write` returns, also when a SIGKILL comes next: the connection never fills up.
  const tell = (...words: ReadonlyArray<string | number>): void => {
    child.stdin?.write(`${words.join(' ')}\n`)
  }
  return {
    pid: Number(child.pid),
    guard: ({pid, start}) => tell('guard', pid, start),
    release: () => tell('release'),
    dismiss: async () => {
      child.ref()
      tell('dismiss')
      await gone
    },
  }
}

async function started(files: readonly string[]): Promise<ChildProcess> {
  try {
    const child = spawn('/bin/sh', ['-c', reaperScript, 'vmrun-reaper', ...files], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: bareEnvironment(),
    })
    await once(child, 'spawn')
    return child
  } catch (error) {
    throw new HostError(
      `cannot start the process that cleans up should vmrun be killed: ${messageOf(error)}`,
      {
        hint: resourceHint(error),
        cause: error,
      },
    )
  }
}

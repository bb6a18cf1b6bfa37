import {startProcess} from '../host/start-process.js'
import type {ProcessIdentity} from './process-identity.js'
import {reaperScript} from './reaper-script.js'

/** A process that outlives vmrun for a moment, however vmrun ends, and removes what it leaves. */
export interface Reaper {
  readonly pid: number
  /** Has it kill a process, with its process group, should vmrun end. */
  guard(process: ProcessIdentity): void
  /** The guarded process is gone. */
  release(): void
  /** Nothing is to be done any more. Resolves when the reaper is gone; one that was stopped is killed. */
  dismiss(): Promise<void>
}

/** What a reaper's shell goes by, as its `$0`. */
export const reaperName = 'vmrun-reaper'

/** How long a reaper may take to end once it is dismissed, in milliseconds. It has nothing to do any more. */
const dismissalLimit = 1000

/**
 * Starts a reaper. It does not keep vmrun running.
 *
 * @param files absolute paths of what it removes when vmrun ends without having dismissed it
 * @throws HostError when it cannot be started
 */
export async function startReaper(files: readonly string[]): Promise<Reaper> {
  const child = await startProcess(
    ['/bin/sh', '-c', reaperScript, reaperName, ...files],
    ['pipe', 'ignore', 'ignore'],
    'cannot start the process that cleans up should vmrun be killed',
  )
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
      const timer = setTimeout(() => child.kill('SIGKILL'), dismissalLimit)
      await gone
      clearTimeout(timer)
    },
  }
}

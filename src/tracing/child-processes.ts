import {ChildProcess} from 'node:child_process'
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import {type EventEmitter, errorMonitor} from 'node:events'
import path from 'node:path'
import {isRecord} from '../is-record.js'
import {confinedProgram} from '../qemu/confinement/confine.js'
import {reaperName} from '../supervision/reaper.js'
import type {Trace} from './trace.js'

/** Node's own channel, told of every process that this one is about to start, whoever starts it. */
const channel = 'child_process'

const category = 'process'

/**
 * Traces every child process of this one, those of plugins included: which program, its pid, from before it is started
 * until its exit was seen, and how it ended. Never its arguments.
 *
 * @returns ends it
 */
export function traceChildProcesses(trace: Trace): () => void {
  const onChild = (message: unknown): void => {
    if (isRecord(message) && message['process'] instanceof ChildProcess) {
      traceChild(trace, message['process'])
    }
  }
  subscribe(channel, onChild)
  return () => {
    unsubscribe(channel, onChild)
  }
}

/** @param child one that has neither a program nor a pid yet */
function traceChild(trace: Trace, child: ChildProcess): void {
  const since = performance.now()
  child.once('spawn', () => {
    const name = programOf(child)
    const pid = Number(child.pid)
    const span = trace.begin(name, trace.rows.ofProcess(pid, name), {category, since, details: {pid}})
    child.once('exit', (code, signal) => {
      span.end({exitCode: code ?? undefined, signal: signal ?? undefined})
    })
  })
  const emitter: EventEmitter = child
  // Whoever starts it has the error all the same, or nobody has.
  emitter.once(errorMonitor, () => {
    if (child.pid === undefined) {
      trace.mark(`${programOf(child)} could not be started`, trace.rows.own, {category})
    }
  })
}

/** The name alone of what runs: a program within the fence around it, and the reaper rather than its shell. */
export function programOf({spawnfile, spawnargs}: Pick<ChildProcess, 'spawnfile' | 'spawnargs'>): string {
  if (spawnargs[3] === reaperName) {
    return reaperName
  }

  return path.basename(confinedProgram(spawnargs) ?? spawnfile)
}

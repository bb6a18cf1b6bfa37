import {ChildProcess} from 'node:child_process'
import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import {type EventEmitter, errorMonitor} from 'node:events'
import path from 'node:path'
import {performance} from 'node:perf_hooks'
import type {RunEvent, RunListener} from '../contract/events.js'
import {isRecord} from '../contract/json-value.js'
import {confinedProgram} from '../qemu/fence/confine.js'
import {receivedEvents, sentCommands} from '../qemu/qmp/channels.js'
import {reaperName} from '../residue/reaper.js'
import {type Details, type End, ownRow, Trace} from './trace.js'
import {findTraceFile, refuseTraceFile, writeTraceFile} from './trace-file.js'

/** A trace of one run, from the start of this process on. */
export interface RunTrace {
  /** To be told every event of the run. */
  readonly listener: RunListener
  /** @param inputs paths of what is read. @throws UsageError when the file is one of them */
  readonly refuse: (inputs: readonly string[]) => Promise<void>
  /** Ends the trace and writes it to its file. @throws HostError */
  readonly write: () => Promise<void>
}

/**
 * Begins to trace a run that is still to come. Nothing is written before its end.
 *
 * @param named the file for the trace
 * @throws UsageError when it could not be written there
 */
export async function startTrace(named: string): Promise<RunTrace> {
  const loaded = performance.now()
  const file = await findTraceFile(named)
  const trace = new Trace()
  addStart(trace, loaded)
  const phases = tracePhases(trace, loaded)
  const onEvent = traceRunEvents(trace)
  const stopTracing = [traceChildProcesses(trace), traceQmp(trace)]
  return {
    listener: event => {
      onEvent(event)
      phases.listener(event)
    },
    refuse: inputs => refuseTraceFile(file, inputs),
    write: async () => {
      for (const stop of [...stopTracing, phases.end]) {
        stop()
      }

      const otherData = {
        started: new Date(performance.timeOrigin).toISOString(),
        node: process.version,
        platform: process.platform,
      }
      const text = JSON.stringify({traceEvents: trace.events(), displayTimeUnit: 'ms', otherData})
      await writeTraceFile(file, `${text}\n`)
    },
  }
}

/** What went on before there was anything of vmrun that could tell: https://nodejs.org/api/perf_hooks.html */
function addStart(trace: Trace, loaded: number): void {
  const {v8Start, environment, bootstrapComplete} = performance.nodeTiming
  trace.add('node', 'phase', 0, bootstrapComplete)
  trace.add('v8', 'phase', v8Start, environment)
  trace.add('environment', 'phase', environment, bootstrapComplete)
  trace.add('load', 'phase', bootstrapComplete, loaded)
}

/** The phases of this process: its start until the run begins, the run, and what is left to be done after the verdict. */
function tracePhases(
  trace: Trace,
  loaded: number,
): {readonly listener: RunListener; readonly end: () => void} {
  const begin = (name: string, options = {}): End => trace.begin(name, 'phase', ownRow, options)
  let now: readonly End[] = [begin('start', {since: 0}), begin('prepare', {since: loaded})]
  const end = (): void => {
    for (const endPhase of now.toReversed()) {
      endPhase()
    }
  }
  return {
    listener: ({type}) => {
      if (type === 'run-started' || type === 'verdict') {
        end()
        now = [begin(type === 'verdict' ? 'end' : 'run')]
      }
    },
    end,
  }
}

/**
 * What a run tells: its steps, and what happens meanwhile. Of each event only names and numbers of vmrun's own: what
 * others wrote, such as a plugin's notice, stays out.
 */
export function traceRunEvents(trace: Trace): RunListener {
  const steps = new Map<string, End>()
  return event => {
    switch (event.type) {
      case 'step-started':
        steps.set(event.step, trace.begin(event.step, 'step', {name: 'steps'}))
        break
      case 'step-progress':
        break
      case 'step-done':
      case 'step-failed':
      case 'step-skipped':
        steps.get(event.step)?.({outcome: event.type.slice('step-'.length)})
        break
      default:
        trace.mark(event.type, 'run', ownRow, detailsOf(event))
    }
  }
}

function detailsOf(event: RunEvent): Details {
  switch (event.type) {
    case 'run-started':
      return {run: event.run, instance: event.instance}
    case 'machine-running': {
      const {pid, accelerator, timeoutSeconds} = event
      return {pid, accelerator, timeoutSeconds}
    }
    case 'deadline-near':
      return {remainingSeconds: event.remainingSeconds}
    case 'shutting-down':
      return {cause: event.cause, rung: event.rung, graceSeconds: event.graceSeconds}
    case 'verdict':
      return {verdict: event.verdict.name, exitCode: event.verdict.exitCode, seconds: event.seconds}
    default:
      return {}
  }
}

/** How many commands and events of QMP are traced: a guest can reset itself for days, and each reset is an event. */
const qmpLimit = 50_000

/**
 * What goes on with QEMU by QMP: commands from when they are sent to the reply, and events. Names alone.
 *
 * @returns ends it
 */
export function traceQmp(trace: Trace): () => void {
  let count = 0
  const onMessage = (message: unknown): void => {
    count += 1
    if (count > qmpLimit || !isRecord(message)) {
      return
    }

    const {command, answer, event} = message
    if (answer instanceof Promise) {
      const end = trace.begin(String(command), 'qmp', {name: 'QMP'})
      answer.then(
        () => end(),
        () => end({failed: true}),
      )
    } else {
      trace.mark(String(event), 'qmp', {name: 'QMP events'})
    }
  }
  sentCommands.subscribe(onMessage)
  receivedEvents.subscribe(onMessage)
  return () => {
    sentCommands.unsubscribe(onMessage)
    receivedEvents.unsubscribe(onMessage)
  }
}

/** Node's own channel, told of every process that this one is about to start, whoever starts it. */
const channel = 'child_process'

/**
 * Every child process of this one, those of plugins included: which program, its pid, from before it is started until
 * its exit was seen, and how it ended. Never its arguments.
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
    const end = trace.begin(name, 'process', {name, pid}, {since, details: {pid}})
    child.once('exit', (code, signal) => end({exitCode: code ?? undefined, signal: signal ?? undefined}))
  })
  const emitter: EventEmitter = child
  // Whoever starts it has the error all the same, or nobody has.
  emitter.once(errorMonitor, () => {
    if (child.pid === undefined) {
      trace.mark(`${programOf(child)} could not be started`, 'process', ownRow)
    }
  })
}

/** The name alone of what runs: a program within the fence around it, and the reaper rather than its shell. */
export function programOf({spawnfile, spawnargs}: Pick<ChildProcess, 'spawnfile' | 'spawnargs'>): string {
  return spawnargs[3] === reaperName ? reaperName : path.basename(confinedProgram(spawnargs) ?? spawnfile)
}

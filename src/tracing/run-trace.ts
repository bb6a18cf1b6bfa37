import {ChildProcess} from 'node:child_process'
import {subscribe} from 'node:diagnostics_channel'
import {type EventEmitter, errorMonitor} from 'node:events'
import {constants} from 'node:fs'
import {access, lstat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {performance} from 'node:perf_hooks'
import type {RunEvent} from '../contract/events.js'
import {isRecord} from '../contract/json-value.js'
import {HostError, UsageError} from '../errors/errors.js'
import {absolutePath} from '../host/path-in.js'
import {refuseInput, whyNotWritten, writeAtomically} from '../host/write-file.js'
import {confinedProgram} from '../qemu/fence/confine.js'
import {receivedEvents, sentCommands} from '../qemu/qmp/client.js'
import {reaperName} from '../residue/reaper.js'
import {withinLimit} from '../time/timer.js'
import {type Details, now, Trace, type TraceSpan} from './trace.js'

/** How long a file may take to be written, in milliseconds: a file system that hangs is not to hold up the exit. */
const writeLimit = 10_000

/** How much of QMP is traced, and of what the guest says: it can reset itself, or talk, for days. */
const mostTold = 50_000

/** A trace of one run that is still to come, and of the start of this process. Nothing is written before its end. */
export class RunTrace {
  readonly #file: string
  readonly #trace = new Trace()
  readonly #steps = new Map<string, TraceSpan>()
  /** What the guest has said. */
  #words = 0
  /** What this process is about: its start until the run begins, the run, and what is left to be done after the verdict. */
  #phases: readonly TraceSpan[]

  constructor(file: string) {
    this.#file = absolutePath(file)
    const loaded = now()
    const trace = this.#trace
    traceChildProcesses(trace)
    traceQmp(trace)
    // What went on before there was anything of vmrun that could tell: https://nodejs.org/api/perf_hooks.html
    const bootstrapped = Math.round(performance.nodeTiming.bootstrapComplete * 1000)
    const start = trace.begin('phase', 'start', 0)
    trace.end(trace.begin('phase', 'node', 0), {}, bootstrapped)
    trace.end(trace.begin('phase', 'load', bootstrapped), {}, loaded)
    this.#phases = [trace.begin('phase', 'prepare', loaded), start]
  }

  /** To be told every event of the run. */
  readonly listener = (event: RunEvent): void => {
    if (event.type === 'step-started') {
      this.#steps.set(event.step, this.#trace.begin('step', event.step))
    } else if ('step' in event) {
      this.#endStep(event)
    } else if (!event.type.startsWith('guest-') || this.#words++ < mostTold) {
      this.#trace.mark('run', event.type, detailsOf(event))
    }

    if (event.type === 'run-started' || event.type === 'verdict') {
      this.#endPhases()
      this.#phases = [this.#trace.begin('phase', event.type === 'verdict' ? 'end' : 'run')]
    }
  }

  /**
   * Refuses a file that the trace could not replace, or should not. A link is not followed, and a device not replaced.
   *
   * @param inputs paths of what is read
   * @throws UsageError
   */
  async refuse(inputs: readonly string[]): Promise<void> {
    const existing = await lstat(this.#file, {bigint: true}).catch(() => undefined)
    const reason =
      existing !== undefined && !existing.isFile()
        ? 'it is not a regular file'
        : await access(`${path.dirname(this.#file)}/`, constants.W_OK).then(() => undefined, whyNotWritten)
    if (reason !== undefined) {
      throw new UsageError(`cannot write the trace to ${this.#file}: ${reason}`, {
        hint: 'Name a file with VMRUN_TRACE, in a directory that you can write to.',
      })
    }

    if (existing !== undefined) {
      await refuseInput(this.#file, existing, inputs)
    }
  }

  /** Writes the trace to a file that only its user can read, whole or not at all. @throws HostError */
  async write(): Promise<void> {
    this.#endPhases()
    const {version: node, platform} = process
    const otherData = {started: new Date(performance.timeOrigin).toISOString(), node, platform}
    const text = JSON.stringify({traceEvents: this.#trace.finish(), displayTimeUnit: 'ms', otherData})
    const write = (draft: string): Promise<void> => writeFile(draft, `${text}\n`, {flag: 'wx', mode: 0o600})
    try {
      await withinLimit(writeLimit, () => writeAtomically(this.#file, write))
    } catch (error) {
      throw new HostError(`cannot write the trace to ${this.#file}: ${whyNotWritten(error)}`, {cause: error})
    }
  }

  #endStep({type, step}: {readonly type: string; readonly step: string}): void {
    const span = this.#steps.get(step)
    if (span !== undefined && type !== 'step-progress') {
      this.#trace.end(span, {outcome: type.slice('step-'.length)})
    }
  }

  #endPhases(): void {
    for (const phase of this.#phases) {
      this.#trace.end(phase)
    }
  }
}

/** What of an event is a name or a number of vmrun's own: what others wrote, such as a plugin's notice, stays out. */
const ownKeys: ReadonlySet<string> = new Set([
  ...['run', 'instance', 'pid', 'accelerator', 'timeoutSeconds', 'remainingSeconds'],
  ...['cause', 'rung', 'graceSeconds', 'seconds', 'exitCode'],
])

function detailsOf(event: RunEvent): Details {
  return {
    ...Object.fromEntries(Object.entries(event).filter(([key]) => ownKeys.has(key))),
    ...(event.type === 'verdict' && {verdict: event.verdict.name, exitCode: event.verdict.exitCode}),
  }
}

/** What goes on with QEMU by QMP: commands from when they are sent to the reply, and events. Names alone. */
function traceQmp(trace: Trace): void {
  let count = 0
  const onMessage = (message: unknown): void => {
    count += 1
    if (count > mostTold || !isRecord(message)) {
      return
    }

    const {command, answer, event} = message
    if (answer instanceof Promise) {
      const traced = trace.begin('qmp', String(command))
      answer.then(
        () => trace.end(traced),
        () => trace.end(traced, {failed: true}),
      )
    } else {
      trace.mark('qmp', String(event))
    }
  }
  sentCommands.subscribe(onMessage)
  receivedEvents.subscribe(onMessage)
}

/**
 * Every child process of this one, those of plugins included: which program, its pid, until its exit was seen, and how it
 * ended. Never its arguments. Node's own channel tells of each just before it is started, whoever starts it.
 */
function traceChildProcesses(trace: Trace): void {
  subscribe('child_process', message => {
    if (isRecord(message) && message['process'] instanceof ChildProcess) {
      traceChild(trace, message['process'])
    }
  })
}

/** @param child one that has neither a program nor a pid yet */
function traceChild(trace: Trace, child: ChildProcess): void {
  const traced = trace.begin('process', 'child process')
  child.once('spawn', () => {
    traced.name = programOf(child)
    traced.args = {pid: child.pid}
    child.once('exit', (code, signal) =>
      trace.end(traced, {exitCode: code ?? undefined, signal: signal ?? undefined}),
    )
  })
  const emitter: EventEmitter = child
  // Whoever starts it has the error all the same, or nobody has.
  emitter.once(errorMonitor, () => {
    if (child.pid === undefined) {
      traced.name = `${programOf(child)} could not be started`
      trace.end(traced)
    }
  })
}

/** The name alone of what runs: a program within the fence around it, and the reaper rather than its shell. */
function programOf({spawnfile, spawnargs}: ChildProcess): string {
  return spawnargs[3] === reaperName ? reaperName : path.basename(confinedProgram(spawnargs) ?? spawnfile)
}

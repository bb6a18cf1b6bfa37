import {performance} from 'node:perf_hooks'
import type {RunListener} from '../pipeline/events.js'
import {traceChildProcesses} from './child-processes.js'
import {phase, tracePhases} from './phases.js'
import {qmpEventRow, qmpRow, traceQmp} from './qmp.js'
import {stepRow, traceRunEvents} from './run-events.js'
import {Trace} from './trace.js'
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
  const since = performance.now()
  const file = await findTraceFile(named)
  const trace = new Trace()
  addRows(trace)
  addStart(trace, since)
  const phases = tracePhases(trace, since)
  const onEvent = traceRunEvents(trace)
  const stopTracing = [traceChildProcesses(trace), traceQmp(trace)]
  return {
    listener: event => {
      onEvent(event)
      phases.listener(event)
    },
    refuse: inputs => refuseTraceFile(file, inputs),
    write: async () => {
      for (const stop of stopTracing) {
        stop()
      }

      phases.end()
      await writeTraceFile(file, textOf(trace))
    },
  }
}

/** Of the rows that are sure to have something in them, those that say most come first. */
function addRows({rows}: Trace): void {
  for (const name of [stepRow, qmpRow, qmpEventRow]) {
    rows.named(name)
  }
}

/** What went on before there was anything of vmrun that could tell: https://nodejs.org/api/perf_hooks.html */
function addStart(trace: Trace, loaded: number): void {
  const {v8Start, environment, bootstrapComplete} = performance.nodeTiming
  const row = trace.rows.own
  trace.add('node', row, {category: phase, since: 0, until: bootstrapComplete})
  trace.add('v8', row, {category: phase, since: v8Start, until: environment})
  trace.add('environment', row, {category: phase, since: environment, until: bootstrapComplete})
  trace.add('load', row, {category: phase, since: bootstrapComplete, until: loaded})
}

function textOf(trace: Trace): string {
  const otherData = {
    started: new Date(performance.timeOrigin).toISOString(),
    node: process.version,
    platform: process.platform,
  }
  return `${JSON.stringify({traceEvents: trace.events(), displayTimeUnit: 'ms', otherData})}\n`
}

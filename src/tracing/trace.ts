import {type Row, Rows} from './rows.js'
import type {CompleteEvent, Details, InstantEvent, MetadataEvent, TraceEvent} from './trace-event.js'

/** Something that goes on. Once it has ended, further ends are not heeded. */
export interface Span {
  readonly end: (details?: Details) => void
}

/** Where and when something goes on. */
export interface SpanOptions {
  /** What kind of thing it is, by which a viewer can filter. */
  readonly category: string
  /** In milliseconds from the start of this process; now without it. */
  readonly since?: number
  readonly details?: Details
}

interface Recorded {
  readonly name: string
  readonly category: string
  readonly since: number
  readonly row: Row
  until?: number
  details: Details
}

/** What happened in this process, and when: in the Trace Event Format, as chrome://tracing and Perfetto read it. */
export class Trace {
  readonly rows = new Rows()
  readonly #now: () => number
  readonly #spans: Recorded[] = []
  readonly #instants: InstantEvent[] = []

  /** @param now milliseconds from the start of this process */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Begins something in a row. */
  begin(name: string, row: Row, {category, since = this.#now(), details = {}}: SpanOptions): Span {
    const recorded: Recorded = {name, category, since, row, details}
    this.#spans.push(recorded)
    return {
      end: (more = {}) => {
        if (recorded.until === undefined) {
          recorded.until = this.#now()
          recorded.details = {...recorded.details, ...more}
        }
      },
    }
  }

  /** Begins something that others of its kind may go on beside. @param lane what the row for them is called */
  beginBeside(name: string, lane: string, options: SpanOptions): Span {
    const {row, giveBack} = this.rows.take(lane)
    const span = this.begin(name, row, options)
    return {
      end: details => {
        span.end(details)
        giveBack()
      },
    }
  }

  /** Something that went on from one moment to another, in milliseconds from the start of this process. */
  add(name: string, row: Row, {category, since, until}: SpanOptions & {readonly until: number}): void {
    this.#spans.push({name, category, since: since ?? 0, until, row, details: {}})
  }

  /** Something that happens now. */
  mark(name: string, row: Row, {category, details: args = {}}: Omit<SpanOptions, 'since'>): void {
    const ts = microseconds(this.#now())
    this.#instants.push({name, cat: category, ph: 'i', s: 't', ts, pid: process.pid, tid: row.id, args})
  }

  /** The events in their order, what holds others before them. What still goes on ends now, as `unfinished`. */
  events(): readonly TraceEvent[] {
    const end = this.#now()
    const spans = this.#spans.map(span => completeEvent(span, end))
    const timed = [...spans, ...this.#instants].sort(inOrder)
    return [...this.#metadata(), ...timed]
  }

  #metadata(): readonly MetadataEvent[] {
    const {pid} = process
    return [
      {name: 'process_name', ph: 'M', pid, tid: pid, args: {name: 'vmrun'}},
      ...this.rows.all().flatMap(({id: tid, name}, index): readonly MetadataEvent[] => [
        {name: 'thread_name', ph: 'M', pid, tid, args: {name}},
        {name: 'thread_sort_index', ph: 'M', pid, tid, args: {sort_index: index}},
      ]),
    ]
  }
}

function completeEvent(
  {name, category: cat, row, since, until, details}: Recorded,
  end: number,
): CompleteEvent {
  const ts = microseconds(since)
  // Both ends are rounded, and not their distance, so that what is held by another stays within it.
  const dur = Math.max(0, microseconds(until ?? end) - ts)
  const args = until === undefined ? {...details, unfinished: true} : details
  return {name, cat, ph: 'X', ts, dur, pid: process.pid, tid: row.id, args}
}

function inOrder(one: CompleteEvent | InstantEvent, other: CompleteEvent | InstantEvent): number {
  return one.ts - other.ts || durationOf(other) - durationOf(one)
}

function durationOf(event: CompleteEvent | InstantEvent): number {
  return event.ph === 'X' ? event.dur : 0
}

function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000)
}

/** What an event tells beside its name and its time. Never an argument of anything, nor a text that others wrote. */
export type Details = Readonly<Record<string, string | number | boolean | undefined>>

/** The row of what an event is about. What is of this process itself is in the row that has its id. */
const rowNames = {phase: 'vmrun', run: 'vmrun', step: 'steps', qmp: 'QMP', process: 'processes'} as const

type Category = keyof typeof rowNames

/** Something that goes on. */
export interface TraceSpan {
  name: string
  readonly cat: Category
  readonly ph: 'X'
  readonly ts: number
  dur?: number
  readonly pid: number
  readonly tid: number
  args: Details
}

const {pid} = process

/** Linux, include/linux/threads.h: PID_MAX_LIMIT. A row of an id above it is taken for no process. */
const pidLimit = 2 ** 22

/** Whole microseconds from the start of this process, as all times of a trace. */
export function now(): number {
  return Math.round(performance.now() * 1000)
}

/** What happens in this process, and when: in the Trace Event Format, as chrome://tracing and Perfetto read it. */
export class Trace {
  readonly #events: object[] = []
  readonly #unfinished = new Set<TraceSpan>()
  /** What each row is called, by its id. */
  readonly #rows = new Map<number, string>([[pid, rowNames.phase]])

  /** Begins something, now or at another moment. What is begun at one moment goes from the outer to the inner. */
  begin(cat: Category, name: string, ts = now()): TraceSpan {
    const tid = this.#freeRow(rowNames[cat])
    const span: TraceSpan = {name, cat, ph: 'X', ts, pid, tid, args: {}}
    this.#events.push(span)
    this.#unfinished.add(span)
    return span
  }

  /** Ends something, now or at another moment. */
  end(span: TraceSpan, details: Details = {}, until = now()): void {
    span.dur = Math.max(0, until - span.ts)
    span.args = {...span.args, ...details}
    this.#unfinished.delete(span)
  }

  /** Something that happens now. */
  mark(cat: Category, name: string, args: Details = {}): void {
    const tid = this.#freeRow(rowNames[cat])
    // A viewer marks it in its own row alone.
    this.#events.push({name, cat, ph: 'i', s: 't', ts: now(), pid, tid, args})
  }

  /** What the rows are called, and the events. What still goes on ends now, as `unfinished`. */
  finish(): readonly object[] {
    for (const span of this.#unfinished) {
      this.end(span, {unfinished: true})
    }

    return [
      {name: 'process_name', ph: 'M', pid, tid: pid, args: {name: rowNames.phase}},
      ...Array.from(this.#rows).flatMap(([tid, name]) => [
        {name: 'thread_name', ph: 'M', pid, tid, args: {name}},
        {name: 'thread_sort_index', ph: 'M', pid, tid, args: {sort_index: tid}},
      ]),
      ...this.#events,
    ]
  }

  /** The first row of that name, or of that name and a number, in which nothing goes on: a viewer needs that. */
  #freeRow(kind: string): number {
    const rows = Array.from(this.#rows).filter(([, name]) => name.startsWith(kind))
    const busy = new Set(Array.from(this.#unfinished, ({tid}) => tid))
    const free = rows.find(([tid]) => tid === pid || !busy.has(tid))?.[0]
    const row = free ?? pidLimit + this.#rows.size
    if (free === undefined) {
      this.#rows.set(row, rows.length === 0 ? kind : `${kind} ${rows.length + 1}`)
    }

    return row
  }
}

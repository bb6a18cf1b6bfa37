/** What an event tells beside its name and its time. Never an argument of anything, nor a text that others wrote. */
export type Details = Readonly<Record<string, string | number | boolean | undefined>>

/** One event, by the Trace Event Format of Chrome. `ts` and `dur` are microseconds, `tid` is the row. */
export interface TraceEvent {
  readonly name: string
  /** Something that took its time, that happened, or that says what a row is. */
  readonly ph: 'X' | 'i' | 'M'
  readonly pid: number
  readonly tid: number
  readonly cat?: string
  readonly ts?: number
  readonly dur?: number
  /** A viewer marks what happened in its own row alone. */
  readonly s?: 't'
  readonly args: Details
}

/** Linux, include/linux/threads.h: PID_MAX_LIMIT. A row of an id above it is taken for no process. */
const pidLimit = 2 ** 22

/** A row of the trace: that of a process, or of things of one kind, of which several may go on side by side. */
export interface Row {
  readonly name: string
  readonly pid?: number
}

/** The row of this process. */
export const ownRow: Row = {name: 'vmrun', pid: process.pid}

/** Something that goes on or, where `isInstant`, happens. Times are milliseconds from the start of this process. */
interface Recorded {
  readonly name: string
  readonly category: string
  readonly row: Row
  readonly since: number
  readonly isInstant: boolean
  until?: number
  details: Details
}

/** Ends what was begun; further ends are not heeded. */
export type End = (details?: Details) => void

/** What happened in this process, and when: in the Trace Event Format, as chrome://tracing and Perfetto read it. */
export class Trace {
  readonly #now: () => number
  readonly #recorded: Recorded[] = []

  /** @param now milliseconds from the start of this process */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Begins something, now or at `since`. */
  begin(
    name: string,
    category: string,
    row: Row,
    {since = this.#now(), details = {}}: {readonly since?: number; readonly details?: Details} = {},
  ): End {
    const recorded: Recorded = {name, category, row, since, isInstant: false, details}
    this.#recorded.push(recorded)
    return (more = {}) => {
      if (recorded.until === undefined) {
        recorded.until = this.#now()
        recorded.details = {...recorded.details, ...more}
      }
    }
  }

  /** Something that went on from one moment to another. */
  add(name: string, category: string, since: number, until: number): void {
    this.#recorded.push({name, category, row: ownRow, since, until, isInstant: false, details: {}})
  }

  /** Something that happens now. */
  mark(name: string, category: string, row: Row, details: Details = {}): void {
    this.#recorded.push({name, category, row, since: this.#now(), isInstant: true, details})
  }

  /** The events in their order, what holds others before them. What still goes on ends now, as `unfinished`. */
  events(): readonly TraceEvent[] {
    const end = this.#now()
    const endOf = ({since, until, isInstant}: Recorded): number => (isInstant ? since : (until ?? end))
    const inOrder = this.#recorded.toSorted(
      (one, other) => one.since - other.since || endOf(other) - endOf(one),
    )
    const rows = new Rows()
    const events = inOrder.map(recorded => eventOf(recorded, rows.idFor(recorded, end), end))
    return [...rows.metadata(), ...events]
  }
}

function eventOf(
  {name, category: cat, since, until, isInstant, details}: Recorded,
  tid: number,
  end: number,
): TraceEvent {
  const ts = microseconds(since)
  const common = {name, cat, ts, pid: process.pid, tid}
  if (isInstant) {
    return {...common, ph: 'i', s: 't', args: details}
  }

  // Both ends are rounded, and not their distance, so that what is held by another stays within it.
  const dur = Math.max(0, microseconds(until ?? end) - ts)
  return {...common, ph: 'X', dur, args: until === undefined ? {...details, unfinished: true} : details}
}

function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000)
}

/** Ids for rows. Of a row that is no process's, what goes on side by side gets rows of its own: a viewer needs that. */
class Rows {
  readonly #names = new Map<number, string>([[process.pid, ownRow.name]])
  readonly #lanes = new Map<string, {readonly id: number; until: number}[]>()

  idFor({row: {name, pid}, since, until, isInstant}: Recorded, end: number): number {
    if (pid !== undefined) {
      this.#names.set(pid, name)
      return pid
    }

    const lanes = this.#lanes.get(name) ?? []
    this.#lanes.set(name, lanes)
    const free = lanes.find(lane => isInstant || lane.until <= since) ?? this.#addLane(name, lanes)
    free.until = isInstant ? free.until : (until ?? end)
    return free.id
  }

  #addLane(
    name: string,
    lanes: {readonly id: number; until: number}[],
  ): {readonly id: number; until: number} {
    const lane = {id: pidLimit + this.#names.size, until: 0}
    lanes.push(lane)
    this.#names.set(lane.id, lanes.length === 1 ? name : `${name} ${lanes.length}`)
    return lane
  }

  /** What the rows are called, and in which order they stand. */
  metadata(): readonly TraceEvent[] {
    const {pid} = process
    return [
      {name: 'process_name', ph: 'M', pid, tid: pid, args: {name: ownRow.name}},
      ...Array.from(this.#names).flatMap(([tid, name], index): readonly TraceEvent[] => [
        {name: 'thread_name', ph: 'M', pid, tid, args: {name}},
        {name: 'thread_sort_index', ph: 'M', pid, tid, args: {sort_index: index}},
      ]),
    ]
  }
}

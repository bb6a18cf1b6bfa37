/** What an event tells beside its name and its time. Never an argument of anything, nor a text that others wrote. */
export type Details = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * One event of a trace, by the Trace Event Format of Chrome. `ts` is in microseconds from the start of this process,
 * `dur` in microseconds; `pid` and `tid` say in which row a viewer shows it.
 */
export type TraceEvent = CompleteEvent | InstantEvent | MetadataEvent

/** Something that took its time. */
export interface CompleteEvent extends Placed {
  readonly ph: 'X'
  readonly cat: string
  readonly ts: number
  readonly dur: number
  readonly args: Details
}

/** Something that happened; `s`: a viewer marks it in its own row alone. */
export interface InstantEvent extends Placed {
  readonly ph: 'i'
  readonly s: 't'
  readonly cat: string
  readonly ts: number
  readonly args: Details
}

/** What a row is called, and where it stands. */
export interface MetadataEvent extends Placed {
  readonly ph: 'M'
  readonly name: 'process_name' | 'thread_name' | 'thread_sort_index'
  readonly args: Details
}

interface Placed {
  readonly name: string
  readonly pid: number
  readonly tid: number
}

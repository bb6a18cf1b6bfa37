/** A row of a trace. A viewer shows what overlaps in one of them wrongly, unless one thing holds the other. */
export interface Row {
  readonly id: number
  readonly name: string
}

/** Linux, include/linux/threads.h: PID_MAX_LIMIT. A row of an id above it is taken for no process. */
const pidLimit = 2 ** 22

/** The rows of a trace, in the order in which a viewer shows them: that of their first events. */
export class Rows {
  readonly #rows = new Map<number, Row>()
  readonly #lanes = new Map<string, Lane[]>()
  #lastId = pidLimit

  /** The row of this process's phases, and the first one. */
  readonly own = this.ofProcess(process.pid, 'vmrun')

  ofProcess(pid: number, name: string): Row {
    const row = this.#rows.get(pid) ?? {id: pid, name}
    this.#rows.set(pid, row)
    return row
  }

  /** The row of that name which is no process's. */
  named(name: string): Row {
    return (this.#lanes.get(name)?.[0] ?? this.#addLane(name)).row
  }

  /**
   * A row for one of the things that may go on side by side. Another one may have it once it is given back.
   *
   * @param name what the first of these rows is called; the others are numbered
   */
  take(name: string): {readonly row: Row; readonly giveBack: () => void} {
    const lane = this.#lanes.get(name)?.find(({taken}) => !taken) ?? this.#addLane(name)
    lane.taken = true
    return {
      row: lane.row,
      giveBack: () => {
        lane.taken = false
      },
    }
  }

  all(): readonly Row[] {
    return Array.from(this.#rows.values())
  }

  #addLane(name: string): Lane {
    const lanes = this.#lanes.get(name) ?? []
    this.#lanes.set(name, lanes)
    this.#lastId += 1
    const row = this.ofProcess(this.#lastId, lanes.length === 0 ? name : `${name} ${lanes.length + 1}`)
    const lane = {row, taken: false}
    lanes.push(lane)
    return lane
  }
}

interface Lane {
  readonly row: Row
  taken: boolean
}

import {readFileSync} from 'node:fs'

/** What Linux tells of a process: proc_pid_stat(5). */
export interface ProcessStat {
  /** Whether it is a zombie, or what Linux calls dead: ended, and nobody has waited for it yet. */
  readonly ended: boolean
  /** Its process group. */
  readonly group: number
  /** When it started, in clock ticks since the host was booted. */
  readonly start: string
}

/** Undefined when there is no such process, or the host hides it. */
export function readStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the name, is in parentheses and may hold any.
    const fields = ['', '', ...stat.slice(stat.lastIndexOf(')') + 2).split(' ')]
    const [, , state, , group, start] = [...fields.slice(0, 5), fields[21]]
    return start === undefined ? undefined : {ended: hasEnded(state), group: Number(group), start}
  } catch {
    return
  }
}

/** By the first letter of its state, as ps tells it as well. */
export function hasEnded(state = ''): boolean {
  return ['Z', 'X', 'x'].includes(state.charAt(0))
}

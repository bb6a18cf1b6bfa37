import {randomInt} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import type {HostUser} from '../../contract/run.js'

/** The numbers that systemd takes for users that live as long as a service does: systemd.exec(5), DynamicUser=. */
const range = {first: 61_184, last: 65_519}

/** Where numbers that somebody has are found. */
export interface Places {
  readonly passwd: string
  readonly group: string
  /** Where proc(5) is mounted. */
  readonly proc: string
  /** Numbers that are taken, whoever has them. */
  readonly taken?: ReadonlySet<number>
}

/**
 * A user that nobody else is: a number taken at random that has no name on this host and no process, with a group of the
 * same number and no other groups.
 *
 * @returns undefined where all such numbers are taken
 */
export function temporaryUser(places: Partial<Places> = {}): HostUser | undefined {
  const taken = takenIds({
    passwd: '/etc/passwd',
    group: '/etc/group',
    proc: '/proc',
    ...places,
  })
  const free = Array.from({length: range.last - range.first + 1}, (_, index) => range.first + index).filter(
    id => !taken.has(id),
  )
  const chosen = free[randomInt(Math.max(free.length, 1))]
  return chosen === undefined
    ? undefined
    : {name: String(chosen), uid: chosen, gid: chosen, groups: [], isTemporary: true}
}

const processId = /^\d+$/u

/** The numbers of users and groups that somebody has: in passwd(5), group(5), and proc_pid_status(5). */
function takenIds({passwd, group, proc, taken = new Set()}: Places): ReadonlySet<number> {
  const processes = entriesOf(proc).filter(name => processId.test(name))
  const ids = [
    ...[passwd, group].flatMap(file => textOf(file).match(/:\d+(?=:)/gu) ?? []),
    ...processes.flatMap(pid => textOf(`${proc}/${pid}/status`).match(/^(?:[UG]id|Groups):.*$/gmu) ?? []),
  ]
  return new Set([...taken, ...ids.flatMap(text => text.match(/\d+/gu) ?? []).map(Number)])
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** Empty for what cannot be read, such as the status of a process that has just ended. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

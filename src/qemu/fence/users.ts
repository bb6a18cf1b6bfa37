import {randomInt} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import type {HostUser} from '../../contract/run.js'
import {attempt} from '../../errors/errors.js'
import {findOnPath} from '../../host/environment.js'
import {entriesOf} from '../../host/trusted.js'
import {askProgram} from '../programs/find-program.js'

/** Where users and groups are found. */
export interface Places {
  readonly passwd: string
  readonly group: string
  /** Where proc(5) is mounted. */
  readonly proc: string
}

const ownPlaces: Places = {passwd: '/etc/passwd', group: '/etc/group', proc: '/proc'}

/** Finds a user in the host's own files, or wherever else the host looks for users. */
export async function findUser(name: string): Promise<HostUser | undefined> {
  return localUser(name) ?? (await userByProgram(name))
}

const digits = /^\d+$/u

/** The user as passwd(5) and group(5) have it; undefined where they have none, or none with numbers. */
export function localUser(
  name: string,
  {passwd, group}: Pick<Places, 'passwd' | 'group'> = ownPlaces,
): HostUser | undefined {
  const [, , uid = '', gid = ''] = entriesOf(passwd).find(([user]) => user === name) ?? []
  if (!(digits.test(uid) && digits.test(gid))) {
    return
  }

  const memberships = entriesOf(group).filter(
    ([, , number = '', members]) => digits.test(number) && members?.split(',').includes(name),
  )
  const groups = memberships.map(([, , number]) => Number(number))
  return userOf(name, Number(uid), Number(gid), groups)
}

/** `uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)` (POSIX.1-2017, id) */
const identity = /^uid=(?<uid>\d+)(?:\([^)]*\))? gid=(?<gid>\d+)(?:\([^)]*\))?(?: groups=(?<groups>.*))?$/mu

/** The user as `id` has it, who may come from a directory service. */
async function userByProgram(name: string): Promise<HostUser | undefined> {
  const program = await findOnPath('id')
  const stdout = program === undefined ? '' : (await askProgram([program, '--', name])).stdout
  const {uid, gid, groups = ''} = identity.exec(stdout)?.groups ?? {}
  if (uid === undefined || gid === undefined) {
    return
  }

  const numbers = Array.from(groups.matchAll(/(?:^|,)(\d+)/gu), ([, group]) => Number(group))
  return userOf(name, Number(uid), Number(gid), numbers)
}

function userOf(name: string, uid: number, gid: number, groups: readonly number[]): HostUser {
  return {name, uid, gid, groups: groups.filter(group => group !== gid)}
}

/** The numbers that systemd takes for users that live as long as a service does: systemd.exec(5), DynamicUser=. */
const range = {first: 61_184, last: 65_519}

/**
 * A user that nobody else is: a number taken at random that has no name on this host and no process, with a group of the
 * same number and no other groups.
 *
 * @param taken numbers that are taken, whoever has them
 * @returns undefined where all such numbers are taken
 */
export function temporaryUser(
  taken: ReadonlySet<number> = new Set(),
  places: Places = ownPlaces,
): HostUser | undefined {
  const used = usedIds(places)
  const free = Array.from({length: range.last - range.first + 1}, (_, index) => range.first + index).filter(
    id => !(used.has(id) || taken.has(id)),
  )
  const chosen = free[randomInt(Math.max(free.length, 1))]
  return chosen === undefined
    ? undefined
    : {name: String(chosen), uid: chosen, gid: chosen, groups: [], isTemporary: true}
}

/** The numbers of users and groups that somebody has: in passwd(5), group(5), and proc_pid_status(5). */
function usedIds({passwd, group, proc}: Places): ReadonlySet<number> {
  const processes = (attempt(() => readdirSync(proc)) ?? []).filter(name => digits.test(name))
  return new Set(
    [
      ...[passwd, group].flatMap(entriesOf).flatMap(([, , id, primary]) => [id, primary]),
      ...processes.flatMap(pid => idsOf(`${proc}/${pid}/status`)),
    ].map(Number),
  )
}

/** None where the process has just ended. */
function idsOf(status: string): readonly string[] {
  const lines = attempt(() => readFileSync(status, 'utf8'))?.match(/^(?:[UG]id|Groups):.*$/gmu) ?? []
  return lines.flatMap(line => line.match(/\d+/gu) ?? [])
}

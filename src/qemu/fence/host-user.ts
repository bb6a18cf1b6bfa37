import {readFile, stat} from 'node:fs/promises'
import type {HostUser} from '../../contract/run.js'
import {findOnPath} from '../../host/environment.js'
import {askProgram} from '../programs/ask-program.js'

const groupMayUse = 0o060

/** The same user, and the group that may open /dev/kvm where it is a group's to open, and not root's, to whom more is. */
export async function withKvmGroup(
  user: HostUser | undefined,
  device = '/dev/kvm',
): Promise<HostUser | undefined> {
  const found = await stat(device).catch(() => undefined)
  if (user === undefined || found === undefined || found.gid === 0) {
    return user
  }

  return (found.mode & groupMayUse) === groupMayUse
    ? {...user, groups: Array.from(new Set([...user.groups, found.gid]))}
    : user
}

/** Finds a user in the host's own files, or wherever else the host looks for users. */
export async function findUser(name: string): Promise<HostUser | undefined> {
  return (await localUser(name)) ?? (await userByProgram(name))
}

const number = /^\d+$/u

/** The user as passwd(5) and group(5) have it; undefined where they have none, or none with numbers. */
export async function localUser(
  name: string,
  files = {passwd: '/etc/passwd', group: '/etc/group'},
): Promise<HostUser | undefined> {
  const [users, groups] = await Promise.all([files.passwd, files.group].map(entriesOf))
  const [, , uid, gid] = users?.find(([user]) => user === name) ?? []
  if (!(number.test(uid ?? '') && number.test(gid ?? ''))) {
    return
  }

  const memberships = (groups ?? []).filter(
    ([, , group, members]) => number.test(group ?? '') && members?.split(',').includes(name),
  )
  return {
    name,
    uid: Number(uid),
    gid: Number(gid),
    groups: memberships.map(([, , group]) => Number(group)).filter(group => group !== Number(gid)),
  }
}

async function entriesOf(file: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').map(line => line.split(':'))
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
  return {name, uid: Number(uid), gid: Number(gid), groups: numbers.filter(group => group !== Number(gid))}
}

import {readFile} from 'node:fs/promises'
import type {HostUser} from '../../contract/run.js'
import {HostError, UsageError} from '../../errors/errors.js'
import {quoted} from '../../text/printable.js'
import {findUser, localUser, temporaryUser} from './users.js'

/** What is known of this process. */
export interface OwnRights {
  /** The number of its user. */
  readonly uid: number | undefined
  /** Where proc(5) has it. */
  readonly proc: string
}

const ownRights: OwnRights = {uid: process.getuid?.(), proc: '/proc/self'}

/**
 * Finds the user that QEMU runs as. Only root can choose, and root's own rights are never QEMU's unless asked for.
 *
 * @param asked by `--user`
 * @returns undefined when QEMU runs as vmrun's own user
 * @throws UsageError when there is no such user, or when it is not for this user to choose; HostError when there is no
 *   unprivileged user to be had
 */
export async function qemuUser(asked?: string, own = ownRights): Promise<HostUser | undefined> {
  if (own.uid === 0) {
    return asked === undefined ? await defaultUser(own) : await namedUser(asked, own)
  }

  if (asked !== undefined) {
    throw new UsageError('only root can have QEMU run as another user', {hint: 'Leave --user out.'})
  }

  return
}

async function defaultUser(own: OwnRights): Promise<HostUser | undefined> {
  let obstacle: string | undefined
  for (const user of defaultUsers()) {
    obstacle = await whyNoSwitch(user, own)
    if (obstacle === undefined) {
      return user
    }
  }

  if (isInUserNamespace(await told(own, 'uid_map'))) {
    return
  }

  throw new HostError(
    `vmrun cannot run QEMU as another user than root: ${obstacle ?? 'this host has no other'}`,
    {
      hint: 'Run vmrun as an ordinary user, or accept that QEMU runs as root: --user root',
    },
  )
}

/**
 * Who QEMU runs as when root does not say, the best first: the user that the host has for it, a number of its own, the
 * user that owns nothing. What a directory service may have is not waited for.
 */
function defaultUsers(): readonly HostUser[] {
  const users = [localUser('vmrun'), temporaryUser(), localUser('nobody')]
  return users.filter(user => user !== undefined).filter(({uid}) => uid !== 0)
}

async function namedUser(name: string, own: OwnRights): Promise<HostUser> {
  const user = await findUser(name)
  if (user === undefined) {
    throw new UsageError(`this host has no user ${quoted(name)}`, {hint: 'See --user.'})
  }

  const obstacle = user.uid === own.uid ? undefined : await whyNoSwitch(user, own)
  if (obstacle !== undefined) {
    throw new UsageError(`vmrun cannot run QEMU as ${quoted(name)}: ${obstacle}`, {
      hint: 'Leave --user out, or run vmrun as that user.',
    })
  }

  return user
}

/** Bits of the capabilities that it takes, also to end it again: capabilities(7), CAP_KILL, CAP_SETGID and CAP_SETUID. */
const capabilities = [5n, 6n, 7n]
const effectiveCapabilities = /^CapEff:\s*(?<mask>[\da-f]+)/mu

/**
 * Why this process cannot run anything as another user, in words that follow "vmrun cannot run QEMU as …: "; undefined
 * when it can. Root in a user namespace or in a container may not have what it takes. On Linux only.
 */
async function whyNoSwitch({uid, gid}: HostUser, own: OwnRights): Promise<string | undefined> {
  const [users, groups, setgroups, status] = await Promise.all(
    ['uid_map', 'gid_map', 'setgroups', 'status'].map(name => told(own, name)),
  )
  if (!(isMapped(uid, users) && isMapped(gid, groups)) || setgroups?.trim() === 'deny') {
    return 'it does not exist in this user namespace'
  }

  const mask = effectiveCapabilities.exec(status ?? '')?.groups?.['mask']
  return mask === undefined || capabilities.every(bit => ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n)
    ? undefined
    : 'it takes the capabilities CAP_KILL, CAP_SETUID and CAP_SETGID'
}

async function told({proc}: OwnRights, name: string): Promise<string | undefined> {
  return await readFile(`${proc}/${name}`, 'utf8').catch(() => undefined)
}

/**
 * Whether this process is in another user namespace than the host's first, where all ids are themselves: there, root is an
 * ordinary user outside.
 */
function isInUserNamespace(map: string | undefined): boolean {
  return map !== undefined && map.trim().split(whiteSpace).join(' ') !== '0 0 4294967295'
}

const whiteSpace = /\s+/u

/** user_namespaces(7): each line has the first id inside, the first one outside, and how many. */
function isMapped(id: number, map: string | undefined): boolean {
  return (
    map === undefined ||
    map.split('\n').some(line => {
      const [first = 0, , count = 0] = line.trim().split(whiteSpace).map(Number)
      return id >= first && id < first + count
    })
  )
}

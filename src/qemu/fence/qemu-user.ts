import type {HostUser} from '../../contract/run.js'
import {HostError, UsageError} from '../../errors/errors.js'
import {quoted} from '../../text/printable.js'
import {findUser, localUser} from './host-user.js'
import {isInUserNamespace, whyNoSwitch} from './switch-user.js'
import {temporaryUser} from './temporary-user.js'

/** What is known of this process. */
export interface OwnRights {
  /** The number of its user. */
  readonly uid: number | undefined
  /** Whether its root is an ordinary user outside. */
  readonly inUserNamespace: () => Promise<boolean>
  /** Why it cannot run anything as a user. */
  readonly whyNoSwitch: (user: HostUser) => Promise<string | undefined>
}

/** Those of this very process. */
export const ownRights: OwnRights = {uid: process.getuid?.(), inUserNamespace: isInUserNamespace, whyNoSwitch}

/**
 * Finds the user that QEMU runs as. Only root can choose, and root's own rights are never QEMU's unless asked for.
 *
 * @param asked by `--user`
 * @returns undefined when QEMU runs as vmrun's own user
 * @throws UsageError when there is no such user, or when it is not for this user to choose; HostError when there is no
 *   unprivileged user to be had
 */
export async function qemuUser(asked: string | undefined, own = ownRights): Promise<HostUser | undefined> {
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
  for (const user of await defaultUsers()) {
    obstacle = await own.whyNoSwitch(user)
    if (obstacle === undefined) {
      return user
    }
  }

  if (await own.inUserNamespace()) {
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
async function defaultUsers(): Promise<readonly HostUser[]> {
  const [vmrun, nobody] = await Promise.all(['vmrun', 'nobody'].map(name => localUser(name)))
  return [vmrun, temporaryUser(), nobody].filter(user => user !== undefined).filter(user => user.uid !== 0)
}

async function namedUser(name: string, own: OwnRights): Promise<HostUser> {
  const user = await findUser(name)
  if (user === undefined) {
    throw new UsageError(`this host has no user ${quoted(name)}`, {hint: 'See --user.'})
  }

  const obstacle = user.uid === own.uid ? undefined : await own.whyNoSwitch(user)
  if (obstacle !== undefined) {
    throw new UsageError(`vmrun cannot run QEMU as ${quoted(name)}: ${obstacle}`, {
      hint: 'Leave --user out, or run vmrun as that user.',
    })
  }

  return user
}

import {type Confine, confinement} from '../qemu/confinement/confine.js'
import type {HostUser} from '../qemu/confinement/host-user.js'
import {ownRights, qemuUser} from '../qemu/confinement/qemu-user.js'
import {failedCheck} from './failed-check.js'
import type {Finding} from './finding.js'
import {ownName} from './own-name.js'

/** Who QEMU runs as, and how. */
export interface FoundUser {
  readonly finding: Finding
  /** Undefined where it is vmrun's own user, and where there is none to be had. */
  readonly user?: HostUser | undefined
  /** Undefined where QEMU cannot be started as it should be. */
  readonly confine?: Confine
}

const ownUser = [
  'Make a user for it, whom vmrun then takes by itself:',
  '  useradd --system --no-create-home --shell /usr/sbin/nologin vmrun',
].join('\n')

/**
 * Finds out who QEMU runs as.
 *
 * @param asked by `--user`
 * @param own what is known of this process
 * @throws UsageError when there is no such user, or when it is not for this user to choose
 */
export async function examineUser(asked: string | undefined, own = ownRights): Promise<FoundUser> {
  try {
    const user = await qemuUser(asked, own)
    return {finding: userFinding(user), user, confine: await confinement({user})}
  } catch (error) {
    return {finding: failedCheck(error, {check: 'user', subject: asked ?? ownName()})}
  }
}

/** @param user undefined when it is vmrun's own */
export function userFinding(user: HostUser | undefined): Finding {
  const subject = user?.name ?? ownName()
  const where = {check: 'user', subject} as const
  if (user === undefined) {
    return {...where, state: 'good', text: `QEMU runs as ${subject}, like vmrun`}
  }

  if (user.uid === 0) {
    return {...where, state: 'poor', text: 'QEMU runs as root', advice: ownUser}
  }

  return user.name === 'nobody'
    ? {
        ...where,
        state: 'poor',
        text: 'QEMU runs as nobody, as other services may, which then could end it',
        advice: ownUser,
      }
    : {...where, state: 'good', text: `QEMU runs as ${subject}`}
}

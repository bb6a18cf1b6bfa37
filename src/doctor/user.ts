import type {HostUser} from '../contract/run.js'
import {UsageError} from '../errors/errors.js'
import {type Confine, confinement} from '../qemu/fence/confine.js'
import {ownRights, qemuUser} from '../qemu/fence/qemu-user.js'
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
  'Make a user for QEMU alone; vmrun uses it by default:',
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
    if (error instanceof UsageError) {
      throw error
    }

    return {finding: failedCheck(error, {check: 'user', subject: asked ?? ownName()})}
  }
}

/** @param user undefined when it is vmrun's own */
export function userFinding(user: HostUser | undefined): Finding {
  const subject = user?.name ?? ownName()
  const look = {check: 'user', subject} as const
  if (user === undefined) {
    return {...look, state: 'good', message: `QEMU runs as ${subject}, like vmrun`}
  }

  if (user.uid === 0) {
    return {...look, state: 'poor', message: 'QEMU runs as root', hint: ownUser}
  }

  if (user.isTemporary) {
    return {...look, state: 'good', message: `QEMU runs as a number that nobody else has, such as ${subject}`}
  }

  return user.name === 'nobody'
    ? {
        ...look,
        state: 'poor',
        message:
          'QEMU runs as nobody: others that run as nobody could end it, and, without Yama, read its memory, in which ' +
          'the config is',
        hint: ownUser,
      }
    : {...look, state: 'good', message: `QEMU runs as ${subject}`}
}

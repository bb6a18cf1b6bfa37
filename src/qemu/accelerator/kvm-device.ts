import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import type {HostUser} from '../../contract/run.js'
import {codeOf} from '../../errors/thrown.js'

const readAndWrite = 0o6

/** The same user, and the group that may open /dev/kvm where it is a group's to open, and not root's, to whom more is. */
export async function withKvmGroup(
  user: HostUser | undefined,
  device = '/dev/kvm',
): Promise<HostUser | undefined> {
  const found = await stat(device).catch(() => undefined)
  if (user === undefined || found === undefined || found.gid === 0) {
    return user
  }

  return ((found.mode >> 3) & readAndWrite) === readAndWrite
    ? {...user, groups: Array.from(new Set([...user.groups, found.gid]))}
    : user
}

/**
 * Why KVM cannot even be tried; undefined when it can.
 *
 * @param user who QEMU runs as; vmrun's own user without it
 */
export async function whyNoKvm(user: HostUser | undefined, device = '/dev/kvm'): Promise<string | undefined> {
  try {
    await access(device, constants.R_OK | constants.W_OK)
    if (user === undefined || (await mayUse(user, device))) {
      return
    }

    return user.isTemporary
      ? `${device} is not for a group such as kvm to use, which QEMU would be given`
      : `the user ${user.name} has no permission for ${device} (is it in the group kvm?)`
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? `there is no ${device}`
      : `no permission for ${device} (is the user in the group kvm?)`
  }
}

/** By the mode of the device: what access control lists add to it is not seen. */
async function mayUse(user: HostUser, device: string): Promise<boolean> {
  const {mode, uid, gid} = await stat(device)
  const groups = [user.gid, ...((await withKvmGroup(user, device))?.groups ?? [])]
  if (uid === user.uid) {
    return ((mode >> 6) & readAndWrite) === readAndWrite
  }

  return ((groups.includes(gid) ? mode >> 3 : mode) & readAndWrite) === readAndWrite
}

import {userInfo} from 'node:os'

/** The name of this user, or the number of one that has no name. */
export function ownName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.())
  }
}

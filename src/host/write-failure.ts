import {codeOf, messageOf} from '../errors/thrown.js'

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'its directory does not exist'],
  ['ENOTDIR', 'a part of its path is not a directory'],
  ['EACCES', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left'],
  ['EPIPE', 'nobody reads it any more'],
])

/** Why something could not be written, for a message. */
export function whyNotWritten(error: unknown): string {
  return reasons.get(codeOf(error)) ?? messageOf(error)
}

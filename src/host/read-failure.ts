import {codeOf} from '../thrown.js'

/** Why a file could not be read, as the rest of a sentence that begins with the file. */
export function describeReadFailure(error: unknown): string {
  const code = codeOf(error) ?? 'unknown error'
  return reasons.get(code) ?? `cannot be read: ${code}`
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist: a part of its path is not a directory'],
  ['EISDIR', 'is a directory, not a file'],
  ['EACCES', 'cannot be read: permission denied'],
  ['EPERM', 'cannot be read: permission denied'],
])

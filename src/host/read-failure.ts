import {codeOf, messageOf} from '../errors/thrown.js'
import {NotRegularFileError} from './regular-file.js'

/** Why a file could not be read, as the rest of a sentence that begins with the file. */
export function describeReadFailure(error: unknown): string {
  if (error instanceof NotRegularFileError) {
    return error.message
  }

  const code = codeOf(error)
  return reasons.get(code) ?? `cannot be read: ${code ?? messageOf(error)}`
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist: a part of its path is not a directory'],
  ['EACCES', 'cannot be read: permission denied'],
  ['EPERM', 'cannot be read: permission denied'],
])

import type {VmrunError} from '../errors/errors.js'
import {codeOf} from '../errors/thrown.js'
import {describeReadFailure} from '../host/read-failure.js'
import {NotRegularFileError, openRegularFile} from '../host/regular-file.js'
import {resourceHint} from '../host/resource-hint.js'
import {AbsentImageError, imageError} from './image-error.js'
import type {ImageFile} from './layers.js'

/** Opens a file of a base image for reading. @throws as `imageError`, also when it is no regular file */
export async function openImageFile(path: string): Promise<ImageFile> {
  try {
    return {path, handle: await openRegularFile(path)}
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** The bytes of an image from an offset on: fewer than asked for where the file ends. @throws AbsentImageError */
export async function readBytes({path, handle}: ImageFile, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let filled = 0
  let bytesRead = 1
  try {
    while (filled < length && bytesRead > 0) {
      ;({bytesRead} = await handle.read(bytes, filled, length - filled, offset + filled))
      filled += bytesRead
    }
  } catch (error) {
    throw unreadable(path, error)
  }

  return bytes.subarray(0, filled)
}

/** Why a file of an image could not be read, as an error of that image. */
export function unreadable(path: string, error: unknown): VmrunError {
  const what = describeReadFailure(error)
  if (error instanceof NotRegularFileError) {
    return imageError(path, what)
  }

  const isMissing = missing.has(codeOf(error))
  return new AbsentImageError(`the image ${path} ${what}`, {
    fault: isMissing ? 'missing' : 'unreadable',
    hint: isMissing
      ? 'The path of an image is relative to the instances file, or to the working directory where that is standard input.'
      : resourceHint(error),
    cause: error,
  })
}

const missing: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR'])

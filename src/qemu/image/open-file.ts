import {constants} from 'node:fs'
import {open} from 'node:fs/promises'
import {HostError} from '../../errors.js'
import {resourceHint} from '../../host/resource-hint.js'
import {codeOf, messageOf} from '../../thrown.js'
import {ImageError, imageError} from './image-error.js'
import type {ImageFile} from './layers.js'

/** Opens a file of a base image for reading. @throws HostError, also when it is no regular file */
export async function openImageFile(path: string): Promise<ImageFile> {
  // Not to wait for a writer where the path is a pipe.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK
  const handle = await open(path, flags).catch((error: unknown) => Promise.reject(unreadable(path, error)))
  try {
    if (!(await handle.stat()).isFile()) {
      throw imageError(path, 'is not a file')
    }

    return {path, handle}
  } catch (error) {
    await handle.close()
    throw error instanceof HostError ? error : unreadable(path, error)
  }
}

/** The bytes of an image from an offset on: fewer than asked for where the file ends. @throws HostError */
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

function unreadable(path: string, error: unknown): HostError {
  return codeOf(error) === 'ENOENT'
    ? new ImageError(`the image ${path} does not exist`, {
        fault: 'missing',
        hint: 'The path of an image is relative to the instances file.',
        cause: error,
      })
    : new ImageError(`the image ${path} cannot be read: ${messageOf(error)}`, {
        fault: 'unusable',
        hint: resourceHint(error),
        cause: error,
      })
}

import {type FileHandle, lstat, open} from 'node:fs/promises'
import {Readable, type Writable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {HostError, UsageError} from '../../errors/errors.js'
import {refuseInput, whyNotWritten, writeAtomically} from '../../host/write-file.js'
import type {IsoImage} from '../iso9660/image.js'

/** Writes an image to a new file that only its user can read, mode 0600. */
export async function writeImage(image: IsoImage, file: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await writeImageTo(handle, image)
  } finally {
    await handle.close()
  }
}

/** Writes an image to an open file, from where that stands. */
export async function writeImageTo(file: FileHandle, image: IsoImage): Promise<void> {
  for (const chunk of image.chunks()) {
    await file.appendFile(chunk)
  }
}

/**
 * Saves an image as a file that only its user can read, for somebody to keep.
 *
 * @param inputs paths of what is read, which is never overwritten
 * @throws UsageError when the file exists and `overwrite` is not set, is not a regular file, or is an input
 */
export async function saveImage(
  image: IsoImage,
  file: string,
  {overwrite, inputs}: {readonly overwrite: boolean; readonly inputs: readonly string[]},
): Promise<void> {
  const existing = await lstat(file, {bigint: true}).catch(() => undefined)
  if (existing !== undefined) {
    if (!existing.isFile()) {
      throw new UsageError(`${file} exists already and is not a regular file`)
    }

    if (!overwrite) {
      const hint = 'Overwrite it with --force, or name another with --output.'
      throw new UsageError(`${file} exists already`, {hint})
    }

    await refuseInput(file, existing, inputs)
  }

  try {
    await writeAtomically(file, draft => writeImage(image, draft))
  } catch (error) {
    throw new HostError(`cannot write ${file}: ${whyNotWritten(error)}`, {cause: error})
  }
}

/** Sends an image to a standard stream, which stays open. Whoever watches over that tells when it cannot be written. */
export async function sendImage(image: IsoImage, output: Writable): Promise<void> {
  await pipeline(Readable.from(image.chunks()), output, {end: false}).catch(() => undefined)
}

import {lstat, writeFile} from 'node:fs/promises'
import {Readable, type Writable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {HostError, UsageError} from '../../errors/errors.js'
import {refuseInput, whyNotWritten, writeAtomically} from '../../host/write-file.js'
import type {IsoImage} from '../iso9660/image.js'

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
    await writeAtomically(file, draft => writeFile(draft, image.chunks, {flag: 'wx', mode: 0o600}))
  } catch (error) {
    throw new HostError(`cannot write ${file}: ${whyNotWritten(error)}`, {cause: error})
  }
}

/** Sends an image to a standard stream, which stays open. Whoever watches over that tells when it cannot be written. */
export async function sendImage(image: IsoImage, output: Writable): Promise<void> {
  await pipeline(Readable.from(image.chunks), output, {end: false}).catch(() => undefined)
}

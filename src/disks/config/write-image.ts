import {createHash} from 'node:crypto'
import {type FileHandle, open} from 'node:fs/promises'
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

/** Overwrites an image in memory, for one that holds secrets and is on disk by now. */
export function wipeImage(image: IsoImage): void {
  for (const chunk of image.chunks()) {
    chunk.fill(0)
  }
}

/** The SHA-256 of an image, in hexadecimal. */
export function sha256(image: IsoImage): string {
  const hash = createHash('sha256')
  for (const chunk of image.chunks()) {
    hash.update(chunk)
  }

  return hash.digest('hex')
}

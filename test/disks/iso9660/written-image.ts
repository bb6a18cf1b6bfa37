import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type IsoFile, type IsoImage, isoImage} from '../../../src/disks/iso9660/image.js'
import {temporaryDirectory} from '../../temporary-directory.js'

export const MODIFIED = new Date('2026-03-04T05:06:07.890Z')
export const LABEL = 'instance-configuration'

/** A file of `size` bytes, no two sectors of which are the same. */
export function fileOfSize(name: string, size: number): IsoFile {
  const content = Buffer.alloc(size)
  for (let at = 0; at < size; at += 1) {
    content[at] = (at + Math.floor(at / 2048) * 7) % 251
  }
  return {name, content}
}

export function labelledImage(files: readonly IsoFile[]): IsoImage {
  return isoImage({volumeId: LABEL, files, modified: MODIFIED})
}

export function bytesOf(image: IsoImage): Buffer {
  return Buffer.concat([...image.chunks()])
}

/** The path of `image` on disk, until the test ends. */
export async function written(image: IsoImage): Promise<string> {
  const path = join(await temporaryDirectory(), 'image.iso')
  await writeFile(path, image.chunks())
  return path
}

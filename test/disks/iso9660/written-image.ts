import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type IsoImage, type IsoVolume, isoImage} from '../../../src/disks/iso9660/image.js'
import {temporaryDirectory} from '../../temporary-directory.js'

export const MODIFIED = new Date('2026-03-04T05:06:07.890Z')
export const LABEL = 'instance-configuration'

/** A file of `size` bytes, no two sectors of which are the same. */
export function fileOfSize(name: string, size: number): IsoVolume['files'][number] {
  const content = Buffer.alloc(size)
  for (let at = 0; at < size; at += 1) {
    content[at] = (at + Math.floor(at / 2048) * 7) % 251
  }
  return {name, content}
}

export function labelledImage(files: IsoVolume['files'], label = LABEL, modified = MODIFIED): IsoImage {
  return isoImage({label, files}, modified)
}

export function bytesOf(image: IsoImage): Buffer {
  return Buffer.concat([...image.chunks])
}

/** The path of `image` on disk, until the test ends. */
export async function written({chunks}: IsoImage): Promise<string> {
  const path = join(await temporaryDirectory(), 'image.iso')
  await writeFile(path, chunks)
  return path
}

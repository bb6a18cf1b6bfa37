import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {type IsoFile, type IsoImage, isoImage} from '../../src/iso9660/image.js'

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

/** An empty directory that goes with the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'vmrun-iso9660-'))
  onTestFinished(() => rm(directory, {recursive: true, force: true}))
  return directory
}

/** The path of `image` on disk, until the test ends. */
export async function written(image: IsoImage): Promise<string> {
  const path = join(await temporaryDirectory(), 'image.iso')
  await writeFile(path, image.chunks())
  return path
}

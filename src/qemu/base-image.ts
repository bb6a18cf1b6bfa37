import {HostError} from '../errors.js'
import {readQcow2Header} from './qcow2.js'

/** A base image that an overlay may be put on. */
export interface BaseImage {
  readonly path: string
  /** In bytes. */
  readonly virtualSize: number
}

/**
 * Looks at a base image before anything is put on it. An image that points at other files is refused: with such a
 * one, whoever made the image chooses which of the host's files the guest reads.
 *
 * @throws HostError
 */
export async function readBaseImage(path: string): Promise<BaseImage> {
  const {virtualSize, readsOtherFiles, encrypted} = await readQcow2Header(path)
  if (readsOtherFiles) {
    throw new HostError(
      `the image ${path} reads other files of the host (a backing file or an external data file)`,
      {
        hint: 'Make it stand alone: qemu-img convert -O qcow2 IMAGE NEW-IMAGE',
      },
    )
  }

  if (encrypted) {
    throw new HostError(`the image ${path} is encrypted`, {
      hint: 'Decrypt it: qemu-img convert -O qcow2, with the secret as an --object.',
    })
  }

  return {path, virtualSize}
}

/**
 * The size of an overlay's disk, in bytes: what is asked for, or else the base image's.
 *
 * @throws HostError when it is asked to be smaller than the base image, which would cut the guest's file system
 */
export function overlaySize(
  base: BaseImage,
  rootDisk: {readonly text: string; readonly bytes: number} | undefined,
): number {
  if (rootDisk === undefined) {
    return base.virtualSize
  }

  if (rootDisk.bytes < base.virtualSize) {
    throw new HostError(
      `root-disk ${rootDisk.text} (${rootDisk.bytes} bytes) is smaller than the image ${base.path} (${base.virtualSize} bytes)`,
      {hint: 'Give root-disk at least the size of the image, or leave it out to get just that size.'},
    )
  }

  return rootDisk.bytes
}

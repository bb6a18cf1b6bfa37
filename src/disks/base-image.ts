import type {Instance} from '../contract/instance.js'
import {UsageError, VmrunError} from '../errors/errors.js'
import {sizeInBytes} from '../instances/size.js'
import {withinLimit} from '../time/within-limit.js'
import {ImageChain} from './chain.js'
import type {ImageFile, ImageLayer} from './layers.js'
import {unreadable} from './open-file.js'

/** A base image that an overlay may be put on. */
export interface BaseImage {
  readonly path: string
  /** In bytes. */
  readonly virtualSize: number
}

/** A base image with the files that it consists of. */
export interface LayeredBaseImage extends BaseImage {
  readonly top: ImageLayer
  /** All files of all layers, the image itself first. */
  readonly files: readonly ImageFile[]
}

/** A base image whose files are open. */
export interface OpenBaseImage extends LayeredBaseImage {
  /** Closes all of them; more than once does no harm. */
  readonly close: () => Promise<void>
}

/**
 * Opens a base image and what it reads, and looks at all of it before anything is put on it. An image that names other
 * files is refused unless it may read them: with such a one, whoever made the image chooses which of the host's files
 * the guest reads.
 *
 * @param allowed absolute paths of the files that it may read beside itself
 * @param signal gives up
 * @throws as `imageError`, and then nothing is left open
 */
export async function openBaseImage(
  path: string,
  allowed: readonly string[] = [],
  signal?: AbortSignal,
): Promise<OpenBaseImage> {
  const chain = new ImageChain(allowed, signal)
  try {
    const {top, virtualSize} = await chain.open(path)
    return {path, virtualSize, top, files: chain.files, close: () => chain.close()}
  } catch (error) {
    await chain.close()
    throw error
  }
}

/** How long a look at an image may take, in milliseconds: its file system may hang. */
const lookLimit = 60_000

/** Looks at a base image as `openBaseImage` does. Of its files only the paths are of use: they are closed. @throws as `imageError` */
export async function readBaseImage(
  path: string,
  allowed: readonly string[] = [],
  limit = lookLimit,
): Promise<LayeredBaseImage> {
  try {
    return await withinLimit(limit, async () => {
      const {close, ...image} = await openBaseImage(path, allowed, AbortSignal.timeout(limit))
      await close()
      return image
    })
  } catch (error) {
    throw error instanceof VmrunError ? error : unreadable(path, error)
  }
}

/**
 * The size of an overlay's disk, in bytes: what is asked for, or else the base image's.
 *
 * @throws UsageError when it is asked to be smaller than the base image, which would cut the guest's file system
 */
export function overlaySize(
  base: BaseImage,
  rootDisk: {readonly text: string; readonly bytes: number} | undefined,
): number {
  if (rootDisk === undefined) {
    return base.virtualSize
  }

  if (rootDisk.bytes < base.virtualSize) {
    throw new UsageError(
      `root-disk ${rootDisk.text} (${rootDisk.bytes} bytes) is smaller than the image ${base.path} (${base.virtualSize} bytes)`,
      {hint: 'Give root-disk at least the size of the image, or leave it out to get just that size.'},
    )
  }

  return rootDisk.bytes
}

/**
 * Looks whether an instance can have its disk, by its image and the size that is asked for.
 *
 * @param limit in milliseconds
 * @throws as `readBaseImage` and `overlaySize`
 */
export async function checkImage(
  {image, 'backing-files': files, 'root-disk': text}: Instance,
  limit?: number,
): Promise<void> {
  const base = await readBaseImage(image, files, limit)
  overlaySize(base, text === undefined ? undefined : {text, bytes: sizeInBytes(text)})
}

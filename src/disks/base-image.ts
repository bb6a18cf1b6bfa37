import type {Instance} from '../contract/instance.js'
import {UsageError} from '../errors/errors.js'
import {sizeInBytes} from '../instances/size.js'
import {withinLimit} from '../time/timer.js'
import {type ChainOptions, ImageChain} from './chain.js'
import {type ImageFile, type ImageLayer, unreadable} from './image-file.js'

/** A base image that an overlay may be put on, with the files that it consists of. */
export interface BaseImage {
  readonly path: string
  /** In bytes. */
  readonly virtualSize: number
  readonly top: ImageLayer
  /** All files of all layers, the image itself first. */
  readonly files: readonly ImageFile[]
  /** Closes them; more than once does no harm. */
  readonly close: () => Promise<void>
}

/**
 * Opens a base image and what it reads, and looks at all of it before anything is put on it. An image that names other
 * files is refused unless it may read them: with such a one, whoever made the image chooses which of the host's files
 * the guest reads.
 *
 * @throws as `imageError`, and then nothing is left open
 */
export async function openBaseImage(path: string, look: ChainOptions = {}): Promise<BaseImage> {
  const chain = new ImageChain(look)
  try {
    const top = await chain.open(path)
    const {virtualSize} = top.qcow2
    return {path, virtualSize, top, files: Array.from(chain.files.values()), close: () => chain.close()}
  } catch (error) {
    await chain.close()
    throw unreadable(path, error)
  }
}

/** How long a look at an image may take, in milliseconds: its file system may hang. */
const lookLimit = 60_000

/**
 * Looks at a base image as `openBaseImage` does, and closes its files.
 *
 * @param limit in milliseconds
 * @throws as `imageError`
 */
export async function readBaseImage(
  path: string,
  look: ChainOptions = {},
  limit = lookLimit,
): Promise<BaseImage> {
  try {
    return await withinLimit(limit, async () => {
      const image = await openBaseImage(path, {...look, signal: AbortSignal.timeout(limit)})
      await image.close()
      return image
    })
  } catch (error) {
    throw unreadable(path, error)
  }
}

/**
 * The size of an overlay's disk, in bytes: what is asked for, or else the base image's.
 *
 * @param rootDisk as in the instances file
 * @throws UsageError when it is asked to be smaller than the base image, which would cut the guest's file system
 */
export function overlaySize(
  {path, virtualSize}: Pick<BaseImage, 'path' | 'virtualSize'>,
  rootDisk: string | undefined,
): number {
  const size = rootDisk === undefined ? virtualSize : sizeInBytes(rootDisk)
  if (size < virtualSize) {
    throw new UsageError(
      `root-disk ${rootDisk} (${size} bytes) is smaller than the image ${path} (${virtualSize} bytes)`,
      {hint: 'Give root-disk at least the size of the image, or leave it out to get just that size.'},
    )
  }

  return size
}

/**
 * Looks whether an instance can have its disk, by its image and the size that is asked for.
 *
 * @param limit in milliseconds
 * @throws as `readBaseImage` and `overlaySize`
 */
export async function checkImage(
  {image, 'backing-files': files, 'root-disk': rootDisk}: Instance,
  limit?: number,
): Promise<void> {
  overlaySize(await readBaseImage(image, {allowed: files}, limit), rootDisk)
}

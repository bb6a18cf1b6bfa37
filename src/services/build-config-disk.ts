import {randomBytes} from 'node:crypto'
import {lstat, rename, rm} from 'node:fs/promises'
import path from 'node:path'
import {configDiskImage, sourceDate} from '../config-disks/image.js'
import {writeImage} from '../config-disks/write-image.js'
import {HostError, UsageError} from '../errors.js'
import {builtInPlaceholders} from '../instances/placeholder-sources.js'
import {resolvePlaceholders} from '../instances/placeholders.js'
import type {IsoImage} from '../iso9660/image.js'
import {printable} from '../text/printable.js'
import type {OpenedInstance} from './open-instance.js'

/** The image of an instance's config disk, secrets included. @throws UsageError when a placeholder cannot be resolved */
export async function buildConfigDisk(
  {instance, file}: OpenedInstance,
  environment: NodeJS.ProcessEnv,
): Promise<IsoImage> {
  const config = await resolvePlaceholders(
    instance,
    builtInPlaceholders({env: environment, directory: file.directory}),
  )
  return configDiskImage(instance.name, config, sourceDate(environment))
}

/** Where an instance's config disk is written when nobody says where. @throws UsageError when its name is no file name */
export function defaultImageFile(name: string): string {
  if (name.includes('/')) {
    throw new UsageError(`${printable(name)} cannot be part of a file name`, {
      hint: 'Name the file with --output.',
    })
  }

  return `${name}.iso`
}

/**
 * Writes an image to a file that only its user can read. The file is there whole or not at all, and one that was
 * there before is lost only to a whole new one.
 *
 * @throws UsageError when the file exists and `overwrite` is not set, or is not a regular file
 */
export async function saveImage(image: IsoImage, file: string, overwrite: boolean): Promise<void> {
  const existing = await lstat(file).catch(() => undefined)
  if (existing !== undefined && !(overwrite && existing.isFile())) {
    throw new UsageError(
      `${printable(file)} exists already${existing.isFile() ? '' : ' and is not a regular file'}`,
      {
        hint: existing.isFile() ? 'Overwrite it with --force, or name another with --output.' : undefined,
      },
    )
  }

  const draft = path.join(path.dirname(file), `.${randomBytes(6).toString('hex')}.vmrun`)
  try {
    await writeImage(image, draft)
    await rename(draft, file)
  } catch (error) {
    throw new HostError(`cannot write ${printable(file)}: ${whyNotWritten(error)}`, {cause: error})
  } finally {
    await rm(draft, {force: true})
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'its directory does not exist'],
  ['ENOTDIR', 'a part of its path is not a directory'],
  ['EACCES', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left'],
])

function whyNotWritten(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return reasons.get(code) ?? code
}

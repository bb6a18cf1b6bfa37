import {stat} from 'node:fs/promises'
import {basename, dirname} from 'node:path'
import {pathIn} from '../host/path-in.js'
import {imageError} from './image-error.js'

/** A file that an image names. */
export interface NamedFile {
  /** The path of the image that names it. */
  readonly by: string
  /** What a relative name is relative to: the directory of the image, as its path names it. */
  readonly directory: string
  /** What it is to the image. */
  readonly as: 'backing file' | 'external data file'
  readonly name: string
}

const conversion = 'qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE'

/** How to do without further files: what reads them all, and so puts into the new image whatever they are. */
export const standAlone = `If you trust whoever made it, make it stand alone: ${conversion}`

/** As QEMU tells a protocol from a path. */
const protocol = /^[^/]*:/u

/**
 * Finds the file that an image names among those that it may read. Nothing is ever opened by the image's own name for
 * it, which only picks one of them.
 *
 * @param allowed absolute paths
 * @throws WrongImageError when it is none of them
 */
export async function allowedFile(named: NamedFile, allowed: readonly string[]): Promise<string> {
  const {by, as, name} = named
  if (protocol.test(name)) {
    throw imageError(by, `reads what is no plain file: its ${as} ${quoted(name)}`, standAlone, 'hidden-file')
  }

  const path = pathOf(named)
  const wanted = await identityOf(path)
  for (const candidate of allowed) {
    if ((await identityOf(candidate)) === wanted) {
      return candidate
    }
  }

  throw imageError(
    by,
    `reads another file of the host, which "backing-files" does not allow: its ${as} ${quoted(name)}`,
    'If you trust whoever made the image, allow it to read the file, ' +
      `"backing-files": [${quoted(path)}], or make it stand alone: ${conversion}`,
    'hidden-file',
  )
}

/**
 * The path that QEMU makes of a name. (The relative name of a data file QEMU 7.2 takes to be relative to its own working
 * directory; nobody can have meant that.)
 */
export function pathOf({directory, name}: NamedFile): string {
  return pathIn(directory, name)
}

/** Linux, include/uapi/linux/limits.h: PATH_MAX. */
const longestPath = 4096

/** What a header says, for a message. No path is longer than what is shown. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, longestPath))
}

/** What two paths of one file have in common, whether it is there or not. */
async function identityOf(path: string): Promise<string> {
  const found = await inodeOf(path)
  if (found !== undefined) {
    return found
  }

  const directory = await inodeOf(dirname(path))
  return directory === undefined ? path : `${directory}/${basename(path)}`
}

async function inodeOf(path: string): Promise<string | undefined> {
  const found = await stat(path, {bigint: true}).catch(() => undefined)
  return found && `${found.dev}:${found.ino}`
}

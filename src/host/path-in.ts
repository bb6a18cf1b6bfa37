import {realpath} from 'node:fs/promises'
import {basename, dirname, isAbsolute} from 'node:path'

const here = /^(?:\.\/+)+(?=[^/])/u
const slashes = /\/+$/u

/**
 * A path as somebody wrote it, seen from a directory. Nothing in it is simplified, as `path.resolve` and `path.join` would:
 * behind a symbolic link `..` is another directory than the text says, and `nosuch/..` is none at all. Which file it is, the
 * kernel says.
 */
export function pathIn(directory: string, path: string): string {
  return isAbsolute(path) ? path : `${directory.replace(slashes, '')}/${path.replace(here, '')}`
}

/** The same, seen from the working directory. */
export function absolutePath(path: string): string {
  return pathIn(process.cwd(), path)
}

/**
 * A path in whose directory there is neither a symbolic link nor `..`, so that it can be compared with others of its kind.
 * A file that is a link itself stays one.
 *
 * @throws where there is no such directory
 */
export async function placeOf(path: string): Promise<string> {
  return pathIn(await realpath(dirname(path)), basename(path))
}

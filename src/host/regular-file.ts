import {constants, type Stats} from 'node:fs'
import {type FileHandle, open, stat} from 'node:fs/promises'
import {withinLimit} from '../time/within-limit.js'

/** How long a file system may take to open a file, in milliseconds. */
const openLimit = 30_000

/** Something else than a file has the name of one. The message goes on from that name: `is a pipe, not a file`. */
export class NotRegularFileError extends Error {
  constructor(found: Stats) {
    super(`is ${kindOf(found)}, not a file`)
  }
}

/**
 * Opens a regular file to be read. Nothing else is opened: with a device something would happen, a pipe would have to be
 * waited for, and neither has to come to an end.
 *
 * @throws NotRegularFileError, or as the system calls fail
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  return await withinLimit(openLimit, async () => {
    expectRegular(await stat(path))
    // Something else may have its name by now: that is not waited for, and does not become this process's terminal.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    try {
      expectRegular(await handle.stat())
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  })
}

function expectRegular(found: Stats): void {
  if (!found.isFile()) {
    throw new NotRegularFileError(found)
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) {
    return 'a directory'
  }

  if (found.isFIFO()) {
    return 'a pipe'
  }

  return found.isSocket() ? 'a socket' : 'a device'
}

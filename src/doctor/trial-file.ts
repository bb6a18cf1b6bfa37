import {readlink} from 'node:fs/promises'
import path from 'node:path'
import {pathIn} from '../host/path-in.js'
import {openUnnamed} from '../host/unnamed-file.js'

/** As much as a file takes of a disk at least, in bytes: an empty one can be made on a disk that is full. */
const block = 4096

/**
 * Makes a file in a directory as a run does, with something in it. It is gone at once.
 *
 * @returns whether it never had a name (O_TMPFILE)
 * @throws as the system calls fail
 */
export async function tryFile(directory: string): Promise<boolean> {
  const name = pathIn(directory, `.vmrun-doctor-${process.pid}`)
  const {writable, readOnly} = await openUnnamed(directory, name)
  try {
    await writable.writeFile(new Uint8Array(block))
    // proc_pid_fd(5): a file that was deleted still tells its name.
    const link = await readlink(`/proc/self/fd/${writable.fd}`).catch(() => name)
    return !path.basename(link).startsWith(path.basename(name))
  } finally {
    await Promise.all([writable.close(), readOnly.close()])
  }
}

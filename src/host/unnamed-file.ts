import {constants} from 'node:fs'
import {type FileHandle, open, rm} from 'node:fs/promises'

/** One file without a name, open twice: it is gone as soon as nobody has it open any more, however that came about. */
export interface UnnamedFile {
  readonly writable: FileHandle
  readonly readOnly: FileHandle
}

/** Linux, include/uapi/asm-generic/fcntl.h: __O_TMPFILE; the same on every architecture that Node runs on. */
const temporaryFile = 0o2000_0000

/** The one name that a file of a run may have for a moment, in whatever directory: with it the file can be found again. */
export function draftName(run: string): string {
  return `.vmrun-${run}`
}

/**
 * Makes a file that has no name and that only its user can open, mode 0600.
 *
 * @param name the name that it has for a moment where the file system knows no files without one
 */
export async function openUnnamed(directory: string, name: string): Promise<UnnamedFile> {
  if (process.platform !== 'linux') {
    return await openUnlinked(name)
  }

  const {O_RDWR, O_DIRECTORY, O_EXCL} = constants
  try {
    // O_EXCL: nobody can give it a name afterwards.
    const writable = await open(directory, O_RDWR | O_DIRECTORY | O_EXCL | temporaryFile, 0o600)
    return {writable, readOnly: await reopened(writable)}
  } catch {
    // Kernels and file systems that cannot do it say so in many ways. Whatever else is wrong, the next call says as well.
    return await openUnlinked(name)
  }
}

/** The same where a file has to have a name at first. */
export async function openUnlinked(name: string): Promise<UnnamedFile> {
  const writable = await open(name, 'wx+', 0o600)
  try {
    // Elsewhere there is only the name, which whoever may write to the directory could have given to another file.
    return {
      writable,
      readOnly: process.platform === 'linux' ? await reopened(writable) : await open(name, 'r'),
    }
  } catch (error) {
    await writable.close()
    throw error
  } finally {
    await rm(name, {force: true})
  }
}

async function reopened(file: FileHandle): Promise<FileHandle> {
  try {
    return await open(`/proc/self/fd/${file.fd}`, constants.O_RDONLY)
  } catch (error) {
    await file.close()
    throw error
  }
}

import {constants} from 'node:fs'
import {type FileHandle, open, rm, stat, statfs} from 'node:fs/promises'
import {HostError, UsageError} from '../errors/errors.js'
import {absolutePath, pathIn} from './path-in.js'
import {failedCall} from './resource-hint.js'
import {askedAs, trustedPath} from './trusted.js'

/** What to do, within a sentence, where the work directory does not do. */
export const otherWorkDirectory = 'name another work directory with --work-dir or VMRUN_WORK_DIR'

/** Where overlays go when nobody says where: on disk, and kept across reboots, so never in memory by custom. */
const defaultDirectory = '/var/tmp'

/** File systems in memory (Linux, include/uapi/linux/magic.h: TMPFS_MAGIC, RAMFS_MAGIC). */
const inMemory = new Set([0x01_02_19_94, 0x85_84_58_f6])

/**
 * The directory for what runs write: the overlay and the config disk.
 *
 * @param named by `--work-dir`
 * @returns an absolute path
 * @throws HostError when it is not there; UsageError when it is no directory, when other users could put something else in the place of a run's files,
 *   and when it is in memory without having been named: an overlay that grows there takes the host's memory
 */
export async function workDirectory(
  named: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const directory = workDirectoryName(named, environment)
  const hint = 'Name a directory on a disk with --work-dir or VMRUN_WORK_DIR.'
  const found = await stat(directory).catch(() => undefined)
  if (found === undefined || !found.isDirectory()) {
    throw found === undefined
      ? new HostError(`the work directory ${directory} does not exist`, {hint})
      : new UsageError(`the work directory ${directory} is not a directory`, {hint})
  }

  askedAs(`the work directory ${directory}`, hint, () => trustedPath(directory, {shared: true}))
  const isDefault = named === undefined && !environment['VMRUN_WORK_DIR']
  if (isDefault && inMemory.has((await statfs(directory)).type)) {
    throw new UsageError(`${directory}, the default work directory, is in memory on this host`, {hint})
  }

  return directory
}

/** Where the work directory is, whatever is there: an absolute path. @param named by `--work-dir` */
export function workDirectoryName(named: string | undefined, environment: NodeJS.ProcessEnv): string {
  return absolutePath(named ?? (environment['VMRUN_WORK_DIR'] || defaultDirectory))
}

/** Makes a file without a name in a work directory, for a run. @throws HostError */
export async function makeWorkFile(directory: string, run: string): Promise<UnnamedFile> {
  try {
    return await openUnnamed(directory, pathIn(directory, draftName(run)))
  } catch (error) {
    const what = `cannot make a file in the work directory ${directory}`
    const otherwise = 'Name one that you can write to with --work-dir or VMRUN_WORK_DIR.'
    throw failedCall(what, error, otherWorkDirectory, otherwise)
  }
}

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

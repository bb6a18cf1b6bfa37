import {stat, statfs} from 'node:fs/promises'
import {HostError, UsageError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {absolutePath, pathIn} from './path-in.js'
import {resourceHint} from './resource-hint.js'
import {askedAs, trustedPath} from './trusted.js'
import {draftName, openUnnamed, type UnnamedFile} from './unnamed-file.js'

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
    throw new HostError(`cannot make a file in the work directory ${directory}: ${messageOf(error)}`, {
      hint:
        resourceHint(error, otherWorkDirectory) ??
        'Name one that you can write to with --work-dir or VMRUN_WORK_DIR.',
      cause: error,
    })
  }
}

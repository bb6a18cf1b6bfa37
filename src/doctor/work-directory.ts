import {readlink} from 'node:fs/promises'
import path from 'node:path'
import {UsageError} from '../errors.js'
import {resourceHint} from '../resource-hint.js'
import {codeOf, messageOf} from '../thrown.js'
import {openUnnamed} from '../unnamed-file.js'
import {workDirectory} from '../work-directory.js'
import {type FileSystem, fileSystemOf, fileSystemText, isInMemory} from './file-system.js'
import type {Finding} from './finding.js'

/** Below this there is hardly a guest that does not fill it, in bytes. */
const littleSpace = 2 ** 30

/** A work directory, if it can be used, and what was found. */
export interface FoundWorkDirectory {
  readonly finding: Finding
  readonly directory?: string
}

/** What was found of a work directory in which files can be made. */
export interface UsableWorkDirectory extends FileSystem {
  readonly directory: string
  /** Whether files can be made that never have a name (O_TMPFILE). */
  readonly unnamed: boolean
}

/**
 * Looks at the work directory, and makes a file in it as a run does, which is gone at once.
 *
 * @param named by `--work-dir`
 */
export async function examineWorkDirectory(
  named: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<FoundWorkDirectory> {
  let directory = named ?? environment['VMRUN_WORK_DIR'] ?? ''
  try {
    directory = await workDirectory(named, environment)
    const found = {directory, unnamed: await makesUnnamed(directory), ...(await fileSystemOf(directory))}
    return {finding: workDirectoryFinding(found), directory}
  } catch (error) {
    return {finding: unusable(error, directory)}
  }
}

export function workDirectoryFinding({directory, unnamed, ...fileSystem}: UsableWorkDirectory): Finding {
  const shortcomings = [
    ...(isInMemory(fileSystem) ? [takesMemory] : []),
    ...(fileSystem.free < littleSpace ? [nearlyFull] : []),
    ...(unnamed ? [] : [nameForAMoment]),
  ]
  return {
    check: 'work-directory',
    subject: directory,
    state: shortcomings.length === 0 ? 'good' : 'poor',
    text: [
      `${directory} (${fileSystemText(fileSystem)})`,
      unnamed ? 'files without a name (O_TMPFILE)' : 'no files without a name (no O_TMPFILE)',
    ].join(', '),
    ...(shortcomings.length > 0 && {advice: shortcomings.join('\n')}),
  }
}

const elsewhere = 'name another one with --work-dir or VMRUN_WORK_DIR.'
const takesMemory = `It is in memory, which what guests write to their disks then takes: ${elsewhere}`
const nearlyFull = `A guest that fills it fails: free some space, or ${elsewhere}`
const nameForAMoment =
  'Each file has a name there for a moment, and stays should vmrun, and what looks after it, be killed just then.'

async function makesUnnamed(directory: string): Promise<boolean> {
  const name = path.join(directory, `.vmrun-doctor-${process.pid}`)
  const {writable, readOnly} = await openUnnamed(directory, name)
  try {
    // proc_pid_fd(5): a file that was deleted still tells its name.
    const link = await readlink(`/proc/self/fd/${writable.fd}`).catch(() => name)
    return !path.basename(link).startsWith(path.basename(name))
  } finally {
    await Promise.all([writable.close(), readOnly.close()])
  }
}

function unusable(error: unknown, directory: string): Finding {
  const known = error instanceof UsageError
  if (!known && codeOf(error) === undefined) {
    throw error
  }

  return {
    check: 'work-directory',
    subject: directory,
    state: 'missing',
    text: known ? error.message : `no file can be made in ${directory}: ${messageOf(error)}`,
    advice: known
      ? error.hint
      : (resourceHint(error) ??
        'Name a work directory that you can write to with --work-dir or VMRUN_WORK_DIR.'),
  }
}

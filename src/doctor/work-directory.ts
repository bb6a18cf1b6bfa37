import {UsageError} from '../errors/errors.js'
import {codeOf, messageOf} from '../errors/thrown.js'
import {resourceHint} from '../host/resource-hint.js'
import {otherWorkDirectory, workDirectory, workDirectoryName} from '../host/work-directory.js'
import {failedCheck} from './failed-check.js'
import {type FileSystem, fileSystemOf, fileSystemText, isInMemory, spaceFigures} from './file-system.js'
import type {Finding} from './finding.js'
import {tryFile} from './trial-file.js'

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
  try {
    const directory = await workDirectory(named, environment)
    const found = {directory, unnamed: await tryFile(directory), ...(await fileSystemOf(directory))}
    return {finding: workDirectoryFinding(found), directory}
  } catch (error) {
    return {finding: unusable(error, workDirectoryName(named, environment))}
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
    message: [
      `${directory} (${fileSystemText(fileSystem)})`,
      unnamed ? 'files never have a name (O_TMPFILE)' : 'files have a name for a moment (no O_TMPFILE)',
    ].join(', '),
    ...(shortcomings.length > 0 && {hint: shortcomings.join('\n')}),
    ...spaceFigures(fileSystem),
    unnamedFiles: unnamed,
  }
}

const takesMemory = `It is in memory: what guests write to their disks takes memory from this host. On a host with little, ${otherWorkDirectory}.`
const nearlyFull = `A guest that fills it fails: free some space, or ${otherWorkDirectory}.`
const nameForAMoment =
  'Should vmrun be killed in that moment, and all that it started too, a file stays until the next run.'

function unusable(error: unknown, directory: string): Finding {
  const look = {check: 'work-directory', subject: directory} as const
  if (error instanceof UsageError || codeOf(error) === undefined) {
    return failedCheck(error, look)
  }

  return {
    ...look,
    state: 'missing',
    message: `no file can be made in ${directory}: ${messageOf(error)}`,
    hint:
      resourceHint(error, otherWorkDirectory) ??
      'Name a work directory that you can write to with --work-dir or VMRUN_WORK_DIR.',
  }
}

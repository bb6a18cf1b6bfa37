import {stat} from 'node:fs/promises'
import path from 'node:path'
import {codeOf, messageOf} from '../errors/thrown.js'
import {resourceHint} from '../host/resource-hint.js'
import {findStateDirectory, stateDirectoryName} from '../residue/state-directory.js'
import {failedCheck} from './failed-check.js'
import {type FileSystem, fileSystemOf, fileSystemText, spaceFigures} from './file-system.js'
import type {Finding, Look} from './finding.js'
import {ownName} from './own-name.js'
import {tryFile} from './trial-file.js'

/** A record takes a few KiB, and there is one for each run that goes on, in bytes. */
const littleSpace = 2 ** 20

/** Looks at the directory for run records, or, where it is not there yet, at where it would be made. */
export async function examineStateDirectory(environment: NodeJS.ProcessEnv): Promise<Finding> {
  const check = 'state-directory'
  try {
    const {path: subject, exists} = findStateDirectory(environment)
    return await tried({check, subject}, exists)
  } catch (error) {
    return failedCheck(error, {check, subject: stateDirectoryName(environment)})
  }
}

/** What was found of a state directory in which files can be made, or which itself can. */
export interface UsableStateDirectory extends FileSystem {
  readonly directory: string
  /** Whether it is there already. */
  readonly exists: boolean
}

export function stateDirectoryFinding({directory, exists, ...fileSystem}: UsableStateDirectory): Finding {
  const whose = exists ? `owned by ${ownName()}` : 'the first run makes it'
  const found = {
    check: 'state-directory',
    subject: directory,
    exists,
    message: `${directory} (${fileSystemText(fileSystem)}), ${whose}`,
    ...spaceFigures(fileSystem),
  } as const
  return fileSystem.free < littleSpace
    ? {...found, state: 'poor', hint: `Once it is full, no run starts: free some space, or ${elsewhere}.`}
    : {...found, state: 'good'}
}

const elsewhere = 'name another state directory with VMRUN_STATE_DIR'

async function tried(look: Look<'state-directory'>, exists: boolean): Promise<Finding> {
  const {subject: directory} = look
  try {
    const there = exists ? directory : await nearestExisting(path.dirname(directory))
    await tryFile(there)
    return stateDirectoryFinding({directory, exists, ...(await fileSystemOf(there))})
  } catch (error) {
    return {
      ...look,
      state: 'missing',
      message: `${directory} ${exists ? 'cannot be written to' : 'cannot be made'}: ${messageOf(error)}`,
      hint: resourceHint(error, elsewhere) ?? 'Name a directory of your own with VMRUN_STATE_DIR.',
      exists,
    }
  }
}

async function nearestExisting(directory: string): Promise<string> {
  try {
    await stat(directory)
    return directory
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || path.dirname(directory) === directory) {
      throw error
    }

    return await nearestExisting(path.dirname(directory))
  }
}

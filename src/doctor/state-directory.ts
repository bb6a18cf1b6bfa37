import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import path from 'node:path'
import {findStateDirectory} from '../supervision/state-directory.js'
import {codeOf, messageOf} from '../thrown.js'
import {failedCheck} from './failed-check.js'
import {fileSystemOf, fileSystemText} from './file-system.js'
import type {Finding} from './finding.js'
import {ownName} from './own-name.js'

/** Looks at the directory for run records, or, where it is not there yet, at where it would be made. */
export async function examineStateDirectory(environment: NodeJS.ProcessEnv): Promise<Finding> {
  const check = 'state-directory'
  try {
    const {path: directory, exists} = await findStateDirectory(environment)
    return {check, subject: directory, ...(await examine(directory, exists))}
  } catch (error) {
    return failedCheck(error, {check, subject: environment['VMRUN_STATE_DIR'] ?? ''})
  }
}

async function examine(directory: string, exists: boolean): Promise<Omit<Finding, 'check' | 'subject'>> {
  try {
    const there = exists ? directory : await nearestExisting(path.dirname(directory))
    const {W_OK, X_OK} = constants
    await access(there, W_OK | X_OK)
    const whose = exists ? `owned by ${ownName()}` : 'to be made by the first run'
    return {state: 'good', text: `${directory} (${fileSystemText(await fileSystemOf(there))}), ${whose}`}
  } catch (error) {
    return {
      state: 'missing',
      text: `${directory} ${exists ? 'cannot be written to' : 'cannot be made'}: ${messageOf(error)}`,
      advice: 'Name a directory of your own with VMRUN_STATE_DIR.',
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

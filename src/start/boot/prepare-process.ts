import {userInfo} from 'node:os'
import path from 'node:path'
import {emptyCores} from '../../host/core-dumps.js'
import {closeDebugger} from './close-debugger.js'

/** The commands of `@oclif/plugin-plugins`. */
export const pluginsTopic = 'plugins'

/** Whose files are for others too: plugins may be installed for all users, and an instances file goes into a repository. */
const forOthers: ReadonlySet<string | undefined> = new Set([pluginsTopic, 'init'])

/** By what oclif finds the directories of this user, the one with the plugins among them. */
const directories = [
  'HOME',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'VMRUN_CONFIG_DIR',
  'VMRUN_DATA_DIR',
]

/**
 * Makes this process one that vmrun can run in, whatever it was started from. To be called before anything else.
 *
 * @param argv the command line, without the program
 */
export function prepareProcess([command]: readonly string[]): void {
  closeDebugger()
  // Before anything is read: the environment alone may hold secrets.
  emptyCores()
  if (!forOthers.has(command)) {
    // What vmrun makes it can use, and nobody else.
    process.umask(0o077)
  }

  // Plugins are code, and may not be whatever lies where vmrun is called. (XDG Base Directory Specification: a relative path
  // is to be ignored.)
  for (const name of directories.filter(one => !path.isAbsolute(process.env[one] ?? '/'))) {
    delete process.env[name]
  }

  try {
    userInfo()
  } catch {
    // The host does not know this user, as in many containers, and oclif asks for both.
    process.env['HOME'] ??= '/'
    process.env['SHELL'] ??= '/bin/sh'
  }
}

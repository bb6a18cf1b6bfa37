import {userInfo} from 'node:os'
import path from 'node:path'
import {attempt} from '../../errors/errors.js'
import {emptyCores} from '../../host/core-dumps.js'

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

  if (attempt(() => userInfo()) === undefined) {
    // The host does not know this user, as in many containers, and oclif asks for both.
    process.env['HOME'] ??= '/'
    process.env['SHELL'] ??= '/bin/sh'
  }
}

/** How long a debugger that was asked for before may take to open, and how often it is looked for, in milliseconds. */
const openingLimit = 1000
const lookInterval = 20

/** Who wants to debug vmrun says so. `--inspect-port` alone opens nothing. */
const asked = /--inspect(?:-brk|-wait)?(?:[=\s]|$)/u

/**
 * Keeps Node's debugger closed, which SIGUSR1 opens, to every user of this host and to guests that reach 127.0.0.1. Node
 * listens to that signal before any code of vmrun runs, and a thread of its own opens the debugger, once or twice: what
 * is open already is closed, and so is what opens in the next moment.
 */
function closeDebugger(): void {
  process.on('SIGUSR1', () => undefined)
  if (asked.test([...process.execArgv, process.env['NODE_OPTIONS']].join(' '))) {
    return
  }

  close()
  setImmediate(close)
  const looks = setInterval(close, lookInterval)
  looks.unref()
  setTimeout(() => clearInterval(looks), openingLimit).unref()
}

/** The same as `close` of `node:inspector`, which takes as long to load as all of this. */
function close(): void {
  const end: unknown = Reflect.get(process, '_debugEnd')
  if (typeof end === 'function') {
    end()
  }
}

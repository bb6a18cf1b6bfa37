import type {Stats} from 'node:fs'
import {lstat, realpath, stat} from 'node:fs/promises'
import {homedir, hostname} from 'node:os'
import path from 'node:path'
import {HostError, UsageError} from '../errors.js'
import {makeDirectory} from '../host/make-directory.js'
import {absolutePath, pathIn} from '../path-in.js'
import {codeOf, messageOf} from '../thrown.js'

const writableByOthers = 0o022

const elsewhere = 'Name a directory of your own with VMRUN_STATE_DIR.'

/**
 * The directory for run records, made when it is not there yet, with mode 0700.
 *
 * @returns an absolute path
 * @throws HostError when it cannot be made; UsageError when it is not safe: see `findStateDirectory`
 */
export async function stateDirectory(environment: NodeJS.ProcessEnv): Promise<string> {
  const named = await stateDirectoryName(environment)
  try {
    if ((await lookAt(named)) === undefined) {
      await makeDirectory(named)
    }
  } catch (error) {
    throw new HostError(`cannot make the state directory ${named}: ${messageOf(error)}`, {
      hint: elsewhere,
      cause: error,
    })
  }

  return (await checked(named)) ?? named
}

/**
 * The same, but makes nothing.
 *
 * @returns where run records are kept or would be; `exists`: whether the directory is there already
 * @throws UsageError when it is no directory, when it or a link to it belongs to another user, and when others can write
 *   to it: they could have a sweep kill the wrong process
 */
export async function findStateDirectory(
  environment: NodeJS.ProcessEnv,
): Promise<{readonly path: string; readonly exists: boolean}> {
  const named = await stateDirectoryName(environment)
  const found = await checked(named)
  return {path: found ?? named, exists: found !== undefined}
}

/**
 * Where the directory for run records is or would be, whatever is there: an absolute path.
 *
 * Never a directory that everybody writes to, such as /tmp: whoever takes the name first could keep others from running
 * anything. A home may be shared between hosts, so there the host is part of the name.
 */
export async function stateDirectoryName(environment: NodeJS.ProcessEnv): Promise<string> {
  const {VMRUN_STATE_DIR: named, XDG_RUNTIME_DIR: runtime, XDG_STATE_HOME: state, HOME: home} = environment
  if (named) {
    return absolutePath(named)
  }

  if (runtime && (await isOwn(runtime))) {
    return pathIn(runtime, 'vmrun')
  }

  if (process.getuid?.() === 0) {
    return process.platform === 'darwin' ? '/var/run/vmrun' : '/run/vmrun'
  }

  // XDG Base Directory Specification: a relative path is to be ignored.
  const states = state && path.isAbsolute(state) ? state : pathIn(home || homedir(), '.local/state')
  return pathIn(states, `vmrun/${hostname()}`)
}

/**
 * Whether a runtime directory is this user's: after `sudo` or `su` it may be that of the user before, who could change
 * anything in it; and it may be gone. The XDG Base Directory Specification demands that it is the user's.
 */
async function isOwn(runtime: string): Promise<boolean> {
  const found = path.isAbsolute(runtime) ? await stat(runtime).catch(() => undefined) : undefined
  return found?.isDirectory() === true && found.uid === process.getuid?.()
}

/** Looks without following a link. Undefined when nothing is there. */
async function lookAt(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return
    }

    throw error
  }
}

/** @returns the directory, behind a link if it is one; undefined when nothing is there */
async function checked(named: string): Promise<string | undefined> {
  const refuse = (what: string, hint = elsewhere): never => {
    throw new UsageError(`the state directory ${named} ${what}`, {hint})
  }
  const own = process.getuid?.()
  const unreadable = (error: unknown): never => {
    throw new HostError(`the state directory ${named} cannot be looked at: ${messageOf(error)}`, {
      hint: elsewhere,
      cause: error,
    })
  }
  const entry = await lookAt(named).catch(unreadable)
  if (entry === undefined) {
    return
  }

  if (entry.isSymbolicLink() && entry.uid !== own) {
    refuse(`is a symbolic link of another user (${entry.uid})`)
  }

  const found = await stat(named).catch(unreadable)
  if (!found.isDirectory()) {
    refuse('is not a directory')
  }

  const directory = await realpath(named)
  if (found.uid !== own) {
    refuse(
      directory === named
        ? `belongs to another user (${found.uid})`
        : `leads to ${directory}, which belongs to another user (${found.uid})`,
    )
  }

  if ((found.mode & writableByOthers) !== 0) {
    refuse('can be written to by other users', `Take that right away: chmod go-w ${directory}`)
  }

  return directory
}

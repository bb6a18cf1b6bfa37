import {statSync} from 'node:fs'
import {homedir, hostname} from 'node:os'
import path from 'node:path'
import {attempt, UsageError} from '../errors/errors.js'
import {absolutePath, pathIn} from '../host/path-in.js'
import {askedAs, trustedDirectory, trustedPath} from '../host/trusted.js'

const elsewhere = 'Name a directory of your own with VMRUN_STATE_DIR.'

/**
 * The directory for run records, made when it is not there yet, with mode 0700.
 *
 * @returns an absolute path
 * @throws HostError when it cannot be made; UsageError when it is not safe: see `findStateDirectory`
 */
export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  return checked(environment, trustedDirectory) ?? stateDirectoryName(environment)
}

/**
 * The same, but makes nothing.
 *
 * @returns where run records are kept or would be; `exists`: whether the directory is there already
 * @throws UsageError when it is no directory, and when others could have written what is in it: they could have a sweep
 *   kill the wrong process
 */
export function findStateDirectory(environment: NodeJS.ProcessEnv): {
  readonly path: string
  readonly exists: boolean
} {
  const found = checked(environment, trustedPath)
  return {path: found ?? stateDirectoryName(environment), exists: found !== undefined}
}

/**
 * Where the directory for run records is or would be, whatever is there: an absolute path.
 *
 * Never a directory that everybody writes to, such as /tmp: whoever takes the name first could keep others from running
 * anything. A home may be shared between hosts, so there the host is part of the name.
 */
export function stateDirectoryName(environment: NodeJS.ProcessEnv): string {
  const {VMRUN_STATE_DIR: named, XDG_RUNTIME_DIR: runtime, XDG_STATE_HOME: state, HOME: home} = environment
  if (named) {
    return absolutePath(named)
  }

  if (runtime && isOwn(runtime)) {
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
function isOwn(runtime: string): boolean {
  const found = path.isAbsolute(runtime) ? attempt(() => trustedPath(runtime)) : undefined
  return found !== undefined && attempt(() => statSync(found).uid) === process.getuid?.()
}

/** @returns the directory, behind a link if it is one; undefined when nothing is there */
function checked(
  environment: NodeJS.ProcessEnv,
  find: (directory: string) => string | undefined,
): string | undefined {
  const named = stateDirectoryName(environment)
  const found = askedAs(`the state directory ${named}`, elsewhere, () => find(named))
  if (found !== undefined && !statSync(found).isDirectory()) {
    throw new UsageError(`the state directory ${named} is not a directory`, {hint: elsewhere})
  }

  return found
}

import {lstatSync, mkdirSync} from 'node:fs'
import {homedir} from 'node:os'
import path from 'node:path'
import {pathIn} from '../path-in.js'

const writableByOthers = 0o022

/**
 * Where compiled code is kept: in the cache directory, as oclif finds it, which is not loaded yet.
 *
 * @returns undefined where that has no absolute path
 */
export function codeDirectory(environment: NodeJS.ProcessEnv): string | undefined {
  const {VMRUN_CACHE_DIR: named, XDG_CACHE_HOME: caches, HOME: home} = environment
  const own = process.platform === 'darwin' ? 'Library/Caches' : '.cache'
  const directory = pathIn(named || pathIn(caches || pathIn(home || homedir(), own), 'vmrun'), 'code')
  return path.isAbsolute(directory) ? directory : undefined
}

/** Whether a directory is there, and nobody but this user can have put anything into it. */
export function isOwnDirectory(directory: string): boolean {
  const found = lstatSync(directory, {throwIfNoEntry: false})
  return (
    found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & writableByOthers) === 0
  )
}

/**
 * Makes a directory, and what is missing above it, where all that is there already is this user's.
 *
 * @throws where it is not: with the home of somebody else, as sudo may leave it, one user would run what another wrote
 */
export function makeOwnDirectory(directory: string): void {
  const found = lstatSync(directory, {throwIfNoEntry: false})
  if (found === undefined) {
    makeOwnDirectory(path.dirname(directory))
    mkdirSync(directory, {mode: 0o700})
  } else if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new Error('it is somebody else’s')
  }
}

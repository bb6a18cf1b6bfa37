import {mkdirSync} from 'node:fs'
import path from 'node:path'
import {codeOf} from '../errors/thrown.js'

/**
 * Makes a directory and all that is missing above it, with mode 0700; one that is there already stays as it is. Not by
 * Node's own `recursive`, which tries for ever where the kernel says ENOENT of a directory whose parent is there, as it
 * does below /proc.
 */
export function makeDirectory(directory: string): void {
  try {
    makeOne(directory)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || path.dirname(directory) === directory) {
      throw error
    }

    makeDirectory(path.dirname(directory))
    makeOne(directory)
  }
}

function makeOne(directory: string): void {
  try {
    mkdirSync(directory, {mode: 0o700})
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw error
    }
  }
}

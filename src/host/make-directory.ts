import {mkdir} from 'node:fs/promises'
import path from 'node:path'
import {codeOf} from '../thrown.js'

/**
 * Makes a directory and all that is missing above it, with mode 0700; one that is there already stays as it is. Not by
 * Node's own `recursive`, which tries for ever where the kernel says ENOENT of a directory whose parent is there, as it
 * does below /proc.
 */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await makeOne(directory)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || path.dirname(directory) === directory) {
      throw error
    }

    await makeDirectory(path.dirname(directory))
    await makeOne(directory)
  }
}

async function makeOne(directory: string): Promise<void> {
  try {
    await mkdir(directory, {mode: 0o700})
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw error
    }
  }
}

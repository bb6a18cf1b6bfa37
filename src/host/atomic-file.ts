import {randomBytes} from 'node:crypto'
import {constants, copyFile, link, rename, rm} from 'node:fs/promises'
import path from 'node:path'
import {codeOf} from '../errors/thrown.js'
import {pathIn} from './path-in.js'

/** Writes to a path in the directory of the file that is to be made. */
type Write = (draft: string) => Promise<void>

/** Writes a file that is there whole or not at all; one that was there before is lost only to a whole new one. */
export async function writeAtomically(file: string, write: Write): Promise<void> {
  await withDraft(file, async draft => {
    await write(draft)
    await rename(draft, file)
  })
}

/**
 * Writes a file that is there whole or not at all, and that was not there before: rejects with EEXIST where anything has
 * its name, be it a link to nowhere.
 */
export async function createAtomically(file: string, write: Write): Promise<void> {
  await withDraft(file, async draft => {
    await write(draft)
    try {
      await link(draft, file)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') {
        throw error
      }

      // Not every file system has a second name for a file. This replaces nothing either, and removes what it made when
      // it fails.
      await copyFile(draft, file, constants.COPYFILE_EXCL)
    }
  })
}

async function withDraft(file: string, use: (draft: string) => Promise<void>): Promise<void> {
  const draft = pathIn(path.dirname(file), `.${randomBytes(6).toString('hex')}.vmrun`)
  try {
    await use(draft)
  } finally {
    await rm(draft, {force: true})
  }
}

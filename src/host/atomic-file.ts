import {randomBytes} from 'node:crypto'
import {rename, rm} from 'node:fs/promises'
import path from 'node:path'

/**
 * Writes a file that is there whole or not at all; one that was there before is lost only to a whole new one.
 *
 * @param write writes to a path in the same directory
 */
export async function writeAtomically(file: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = path.join(path.dirname(file), `.${randomBytes(6).toString('hex')}.vmrun`)
  try {
    await write(draft)
    await rename(draft, file)
  } finally {
    await rm(draft, {force: true})
  }
}

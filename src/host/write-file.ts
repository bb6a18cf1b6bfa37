import {randomBytes} from 'node:crypto'
import {type BigIntStats, constants, fstatSync} from 'node:fs'
import {copyFile, rename, rm, stat} from 'node:fs/promises'
import path from 'node:path'
import {codeOf, messageOf, UsageError} from '../errors/errors.js'
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
 * Writes a file that was not there before: rejects with EEXIST where anything has its name, be it a link to nowhere. What
 * cannot be written whole is removed again.
 */
export async function createWhole(file: string, write: Write): Promise<void> {
  await withDraft(file, async draft => {
    await write(draft)
    // Not every file system could give it a second name.
    await copyFile(draft, file, constants.COPYFILE_EXCL)
  })
}

async function withDraft(file: string, use: Write): Promise<void> {
  const draft = pathIn(path.dirname(file), `.${randomBytes(6).toString('hex')}.vmrun`)
  try {
    await use(draft)
  } finally {
    await rm(draft, {force: true})
  }
}

/**
 * Refuses to write to a file that is read, by whatever name or link it is reached.
 *
 * @param named what is to be written to, as it was named
 * @param output the file; where it is open already, of the open one, so that it stays the same
 * @param inputs paths of what is read
 * @throws UsageError when it is one of them
 */
export async function refuseInput(
  named: string,
  output: Pick<BigIntStats, 'dev' | 'ino'>,
  inputs: readonly string[],
): Promise<void> {
  for (const input of inputs) {
    const found = await stat(input, {bigint: true}).catch(() => undefined)
    if (found?.dev === output.dev && found.ino === output.ino) {
      throw new UsageError(`${named} cannot be written to: it is ${input}, which is read`, {
        hint: 'Name another file.',
      })
    }
  }
}

/** The same for what this process prints. */
export async function refusePrintedInput(inputs: readonly string[]): Promise<void> {
  await refuseInput('standard output', fstatSync(process.stdout.fd, {bigint: true}), inputs)
  await refuseInput('standard error', fstatSync(process.stderr.fd, {bigint: true}), inputs)
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'its directory does not exist'],
  ['ENOTDIR', 'a part of its path is not a directory'],
  ['EISDIR', 'it is a directory'],
  // Of a named pipe.
  ['ENXIO', 'nobody reads it'],
  ['EACCES', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left'],
  ['EPIPE', 'nobody reads it any more'],
])

/** Why something could not be written, for a message. */
export function whyNotWritten(error: unknown): string {
  return reasons.get(codeOf(error)) ?? messageOf(error)
}

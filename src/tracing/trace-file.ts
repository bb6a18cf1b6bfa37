import {constants} from 'node:fs'
import {access, lstat, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {HostError, UsageError} from '../errors/errors.js'
import {absolutePath} from '../host/path-in.js'
import {refuseInput, whyNotWritten, writeAtomically} from '../host/write-file.js'
import {withinLimit} from '../time/within-limit.js'

/** How long a file may take to be written, in milliseconds: a file system that hangs is not to hold up the exit. */
const writeLimit = 10_000

/**
 * Looks whether a trace could be written to a file, and makes nothing.
 *
 * @returns its absolute path
 * @throws UsageError when it could not
 */
export async function findTraceFile(named: string): Promise<string> {
  const file = absolutePath(named)
  const reason = await whyNotWritable(file)
  if (reason !== undefined) {
    throw new UsageError(`cannot write the trace to ${named}: ${reason}`, {
      hint: 'Name a file with VMRUN_TRACE, in a directory that you can write to.',
    })
  }

  return file
}

/** @throws UsageError when the file is one of the `inputs`, which the trace would replace */
export async function refuseTraceFile(file: string, inputs: readonly string[]): Promise<void> {
  const existing = await stat(file, {bigint: true}).catch(() => undefined)
  if (existing !== undefined) {
    await refuseInput(file, existing, inputs)
  }
}

/** Writes a trace to a file that only its user can read, whole or not at all. @throws HostError */
export async function writeTraceFile(file: string, text: string): Promise<void> {
  try {
    await withinLimit(writeLimit, () =>
      writeAtomically(file, draft => writeFile(draft, text, {flag: 'wx', mode: 0o600})),
    )
  } catch (error) {
    throw new HostError(`cannot write the trace to ${file}: ${whyNotWritten(error)}`, {
      cause: error,
    })
  }
}

/** A link is not followed, and a device not replaced. */
async function whyNotWritable(file: string): Promise<string | undefined> {
  const existing = await lstat(file).catch(() => undefined)
  if (existing !== undefined && !existing.isFile()) {
    return existing.isDirectory() ? 'it is a directory' : 'it is not a regular file'
  }

  const directory = path.dirname(file)
  try {
    if (!(await stat(directory)).isDirectory()) {
      return 'a part of its path is not a directory'
    }

    await access(directory, constants.W_OK)
    return
  } catch (error) {
    return whyNotWritten(error)
  }
}

import {access, constants, lstat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {HostError, UsageError} from '../../errors/errors.js'
import {codeOf} from '../../errors/thrown.js'
import {createAtomically} from '../../host/atomic-file.js'
import {absolutePath} from '../../host/path-in.js'
import {whyNotWritten} from '../../host/write-failure.js'
import {checkText} from '../../instances/instances-file.js'
import type {Registry} from '../../plugins/registry.js'
import {quoted} from '../../text/printable.js'
import {formatOf, partsOf} from '../../validation/open-instance.js'
import {type AnswerRequest, firstAnswers} from './first-answers.js'
import {type FirstInstance, firstInstance} from './first-instance.js'
import {undisturbed} from './undisturbed.js'

/** What was written. */
export interface InitializedFile {
  /** Absolute, or `-`: then nothing is written, and the text is for standard output. */
  readonly file: string
  /** As it stands in the file. */
  readonly instance: FirstInstance
  /** The file's. */
  readonly text: string
}

/**
 * Writes a first instances file, with one instance, whole or not at all.
 *
 * @throws UsageError when there is something of that name already, or a flag is wrong; HostError when it cannot be written
 */
export async function initInstancesFile(request: AnswerRequest): Promise<InitializedFile> {
  const {file, registry} = request
  const isFile = file !== '-'
  if (isFile) {
    await expectRoomFor(file)
  }

  const instance = await firstInstance(await firstAnswers(request), file)
  const text = JSON.stringify([instance], undefined, 2)
  expectToHold(text, registry)
  if (isFile) {
    await write(file, `${text}\n`)
  }

  return {file: isFile ? absolutePath(file) : file, instance, text}
}

async function write(file: string, text: string): Promise<void> {
  try {
    await undisturbed(() =>
      createAtomically(absolutePath(file), draft => writeFile(draft, text, {flag: 'wx'})),
    )
  } catch (error) {
    throw writeError(file, error)
  }
}

/** Tells before anything is asked that the file could not be made. */
async function expectRoomFor(file: string): Promise<void> {
  if (file === '' || file.endsWith('/')) {
    throw new UsageError(`${quoted(file)} is not the name of a file`, {
      hint: 'Name the file itself with --file.',
    })
  }

  const absolute = absolutePath(file)
  try {
    if (await exists(absolute)) {
      throw existsError(file)
    }

    await access(path.dirname(absolute), constants.W_OK | constants.X_OK)
  } catch (error) {
    throw error instanceof UsageError ? error : writeError(file, error)
  }
}

/** Whether anything has this name, be it a link to nowhere. */
async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return false
    }

    throw error
  }
}

/** Has the code that reads instances files read this one. @throws UsageError */
function expectToHold(text: string, registry: Registry): void {
  const {entries, problems} = checkText(text, formatOf(registry))
  const errors = problems.filter(({severity}) => severity === 'error')
  if (errors.length > 0) {
    throw new UsageError(
      errors.map(({message}) => message),
      {
        hint: 'Nothing was written. Write the file by hand, with the keys that init does not ask for.',
      },
    )
  }

  for (const {instance} of entries) {
    if (instance !== undefined) {
      partsOf(instance, registry)
    }
  }
}

function writeError(file: string, error: unknown): UsageError | HostError {
  return codeOf(error) === 'EEXIST'
    ? existsError(file)
    : new HostError(`cannot write ${file}: ${whyNotWritten(error)}`, {cause: error})
}

function existsError(file: string): UsageError {
  return new UsageError(`${file} exists already`, {
    hint: 'Nothing is overwritten: add instances to it by hand, or name another file with --file.',
  })
}

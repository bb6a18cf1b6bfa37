import {access, constants, lstat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {JsonObject} from '../../contract/json-value.js'
import {codeOf, HostError, UsageError} from '../../errors/errors.js'
import {absolutePath, placeOf} from '../../host/path-in.js'
import {createWhole, whyNotWritten} from '../../host/write-file.js'
import {checkText} from '../../instances/instances-file.js'
import type {Registry} from '../../plugins/registry.js'
import {type AnswerRequest, firstAnswers} from './answers.js'

/** What was written. */
export interface InitializedFile {
  /** Absolute, or `-`: then nothing is written, and the text is for standard output. */
  readonly file: string
  /** As it stands in the file. */
  readonly instance: JsonObject & {readonly name: string}
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
  const absolute = absolutePath(file)
  if (isFile) {
    await attempt(file, () => expectRoomFor(absolute))
  }

  const {name, image, arch, 'timeout-seconds': seconds} = await firstAnswers(request)
  const instance = {
    ...{name, image: await imageFrom(file, image), arch},
    'timeout-seconds': Number(seconds),
    config: {},
  }
  const text = JSON.stringify([instance], undefined, 2)
  expectToHold(text, registry)
  if (isFile) {
    await attempt(file, () => createWhole(absolute, draft => writeFile(draft, `${text}\n`, {flag: 'wx'})))
  }

  return {file: isFile ? absolute : file, instance, text}
}

/** The path of an image as it is seen from the directory of an instances file, which may be behind a link. */
async function imageFrom(file: string, image: string): Promise<string> {
  if (path.isAbsolute(image) || path.dirname(file) === '.') {
    return image
  }

  // Of what is not there nobody can tell more than the text does.
  const place = await placeOf(image).catch(() => absolutePath(image))
  return path.relative(path.dirname(await placeOf(file)), place)
}

/** Tells before anything is asked that the file could not be made. What has its name is in the way, be it a link to nowhere. */
async function expectRoomFor(file: string): Promise<void> {
  const existing = await lstat(file).catch(() => undefined)
  if (existing !== undefined) {
    throw Object.assign(new Error('it exists'), {code: 'EEXIST'})
  }

  await access(`${path.dirname(file)}/`, constants.W_OK | constants.X_OK)
}

/** Has the code that reads instances files read this one: a plugin may demand more. @throws UsageError */
function expectToHold(text: string, registry: Registry): void {
  const {problems} = checkText(text, registry)
  const errors = problems.filter(({severity}) => severity === 'error')
  if (errors.length > 0) {
    throw new UsageError(
      errors.map(({message}) => message),
      {hint: 'Nothing was written. Write the file by hand, with the keys that init does not ask for.'},
    )
  }
}

/** @throws UsageError where the file exists already, HostError where it cannot be written otherwise */
async function attempt(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw codeOf(error) === 'EEXIST'
      ? new UsageError(`${file} exists already`, {
          hint: 'Nothing is overwritten: add instances to it by hand, or name another file with --file.',
        })
      : new HostError(`cannot write ${file}: ${whyNotWritten(error)}`, {cause: error})
  }
}

import type {FileHandle} from 'node:fs/promises'
import {HostError, UsageError, VmrunError} from '../errors/errors.js'
import {codeOf} from '../errors/thrown.js'
import {describeReadFailure, NotRegularFileError, openRegularFile} from '../host/read-file.js'
import {resourceHint} from '../host/resource-hint.js'
import type {Qcow2Image} from './qcow2.js'

/** A file of a base image, open for reading. */
export interface ImageFile {
  /** Absolute. */
  readonly path: string
  readonly handle: FileHandle
}

/** An image and what it reads where it holds nothing itself. */
export interface ImageLayer {
  readonly file: ImageFile
  /** What it says of itself; undefined where it is a raw one. */
  readonly qcow2?: Qcow2Image | undefined
  readonly backing?: ImageLayer | undefined
  /** Holds the guest's data, where the image keeps it apart from its tables. */
  readonly dataFile?: ImageFile | undefined
}

/** An image is wrong for good: it reads a file that it may not, or QEMU cannot use it. */
class WrongImageError extends UsageError {
  readonly problem: 'hidden-file' | 'unusable'

  constructor(message: string, problem: WrongImageError['problem'], hint?: string) {
    super(message, {hint})
    this.problem = problem
  }
}

/** The host does not have an image, or does not give it; another try may find it. */
class AbsentImageError extends HostError {
  readonly problem: 'missing' | 'unreadable'

  constructor(
    message: string,
    problem: AbsentImageError['problem'],
    hint: string | undefined,
    cause: unknown,
  ) {
    super(message, {hint, cause})
    this.problem = problem
  }
}

/** What is wrong with an image, as the rest of a sentence that begins with it, and what to do about it. */
export function imageError(
  path: string,
  what: string,
  hint?: string,
  problem: WrongImageError['problem'] = 'unusable',
): WrongImageError {
  return new WrongImageError(`the image ${path} ${what}`, problem, hint)
}

/** What keeps an image from being used, by an error that a look at it gave. */
export function imageProblem(error: Error): (WrongImageError | AbsentImageError)['problem'] {
  return error instanceof WrongImageError || error instanceof AbsentImageError ? error.problem : 'unusable'
}

/**
 * Opens a file of a base image for reading.
 *
 * @throws WrongImageError when it is no regular file, AbsentImageError when it cannot be opened
 */
export async function openImageFile(path: string): Promise<ImageFile> {
  try {
    return {path, handle: await openRegularFile(path)}
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** The bytes of an image from an offset on: fewer than asked for where the file ends. @throws AbsentImageError */
export async function readBytes({path, handle}: ImageFile, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let filled = 0
  let bytesRead = 1
  try {
    while (filled < length && bytesRead > 0) {
      ;({bytesRead} = await handle.read(bytes, filled, length - filled, offset + filled))
      filled += bytesRead
    }
  } catch (error) {
    throw unreadable(path, error)
  }

  return bytes.subarray(0, filled)
}

const missing: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR'])

/** Why a file of an image could not be read, as an error of that image. An error of vmrun's is one already. */
export function unreadable(path: string, error: unknown): VmrunError {
  if (error instanceof VmrunError) {
    return error
  }

  const what = describeReadFailure(error)
  if (error instanceof NotRegularFileError) {
    return imageError(path, what)
  }

  const isMissing = missing.has(codeOf(error))
  return new AbsentImageError(
    `the image ${path} ${what}`,
    isMissing ? 'missing' : 'unreadable',
    isMissing ? 'The path of an image is relative to the instances file.' : resourceHint(error),
    error,
  )
}

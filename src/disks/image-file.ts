import type {FileHandle} from 'node:fs/promises'
import {codeOf, HostError, UsageError, VmrunError} from '../errors/errors.js'
import {describeReadFailure, NotRegularFileError, openRegularFile} from '../host/read-file.js'
import {resourceHint} from '../host/resource-hint.js'
import type {RuleId} from '../instances/rules.js'
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

/** An image reads another file of the host, which it may not. */
export class HiddenFileError extends UsageError {}

/** What is wrong with an image, as the rest of a sentence that begins with it, and what to do about it. */
export function imageError(path: string, what: string, hint?: string, Kind = UsageError): UsageError {
  return new Kind(`the image ${path} ${what}`, {hint})
}

/** The rule that a base image breaks, by what `openBaseImage` or `openImageFile` has thrown. */
export function imageRule(error: VmrunError): RuleId {
  if (error instanceof HostError) {
    return isMissing(error.cause) ? 'vmrun/missing-image' : 'vmrun/unreadable-image'
  }

  return error instanceof HiddenFileError ? 'vmrun/hidden-file' : 'vmrun/unusable-image'
}

/**
 * Opens a file of a base image for reading.
 *
 * @throws UsageError when it is no regular file, HostError when it cannot be opened
 */
export async function openImageFile(path: string): Promise<ImageFile> {
  try {
    return {path, handle: await openRegularFile(path)}
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** The bytes of an image from an offset on: fewer than asked for where the file ends. @throws HostError */
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

const missingHint =
  'The path of an image is relative to the instances file, or to the working directory where that is standard input.'

/** Why a file of an image could not be read, as an error of that image. An error of vmrun's is one already. */
export function unreadable(path: string, error: unknown): VmrunError {
  if (error instanceof VmrunError) {
    return error
  }

  const what = describeReadFailure(error)
  if (error instanceof NotRegularFileError) {
    return imageError(path, what)
  }

  const hint = isMissing(error) ? missingHint : resourceHint(error)
  return new HostError(`the image ${path} ${what}`, {hint, cause: error})
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')
}

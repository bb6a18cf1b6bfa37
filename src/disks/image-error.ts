import {HostError, UsageError, type VmrunError} from '../errors/errors.js'

/** What is wrong with an image for good: it reads a file that it may not, or anything else. */
type Wrong = 'hidden-file' | 'unusable'

/** What may be over at another try: it is not there, or cannot be read just now. */
type Absent = 'missing' | 'unreadable'

/** What keeps an image from being used. */
export type ImageFault = Wrong | Absent

interface Options<Fault> {
  readonly fault: Fault
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** An image is wrong. */
export class WrongImageError extends UsageError {
  readonly fault: Wrong

  constructor(message: string, {fault, ...options}: Options<Wrong>) {
    super(message, options)
    this.fault = fault
  }
}

/** The host does not have an image, or does not give it. */
export class AbsentImageError extends HostError {
  readonly fault: Absent

  constructor(message: string, {fault, ...options}: Options<Absent>) {
    super(message, options)
    this.fault = fault
  }
}

/** What is wrong with an image, as the rest of a sentence that begins with it, and what to do about it. */
export function imageError(
  path: string,
  what: string,
  hint?: string,
  fault: ImageFault = 'unusable',
): WrongImageError | AbsentImageError {
  const message = `the image ${path} ${what}`
  return fault === 'missing' || fault === 'unreadable'
    ? new AbsentImageError(message, {fault, hint})
    : new WrongImageError(message, {fault, hint})
}

/** What keeps an image from being used that `error` is about. */
export function imageFault(error: VmrunError): ImageFault {
  return error instanceof WrongImageError || error instanceof AbsentImageError ? error.fault : 'unusable'
}

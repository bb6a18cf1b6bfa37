import {HostError} from '../../errors.js'

/** What keeps an image from being used: it is not there, it reads a file that it may not, or anything else. */
export type ImageFault = 'missing' | 'hidden-file' | 'unusable'

/** Something is wrong with an image. */
export class ImageError extends HostError {
  readonly fault: ImageFault

  constructor(
    message: string,
    {
      fault,
      ...options
    }: {readonly fault: ImageFault; readonly hint?: string | undefined; readonly cause?: unknown},
  ) {
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
): ImageError {
  return new ImageError(`the image ${path} ${what}`, {fault, hint})
}

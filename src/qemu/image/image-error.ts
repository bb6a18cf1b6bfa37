import {HostError} from '../../errors.js'

/** What is wrong with an image, as the rest of a sentence that begins with it, and what to do about it. */
export function imageError(path: string, what: string, hint?: string): HostError {
  return new HostError(`the image ${path} ${what}`, {hint})
}

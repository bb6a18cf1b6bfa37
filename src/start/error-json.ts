import type {Problem} from '../instances/problem.js'
import {InstancesFileError} from '../instances/problem.js'

/** An error as programs get it, in every command. */
export interface ErrorJson {
  readonly error: {
    readonly message: string
    /** What to do about it, where that is known. */
    readonly hint?: string
    /** What is wrong in an instances file that does not hold. */
    readonly problems?: readonly Problem[]
  }
}

export function errorJson(error: Error & {readonly hint?: string | undefined}): ErrorJson {
  const {message, hint} = error
  return {
    error: {
      message,
      ...(hint !== undefined && {hint}),
      ...(error instanceof InstancesFileError && {problems: error.problems}),
    },
  }
}

import {UsageError} from '../errors.js'
import {formatProblem} from './format-problem.js'
import type {Problem} from './problem.js'

/** An instances file does not hold. The message lists every problem, one a line. */
export class InstancesFileError extends UsageError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem))
    this.problems = problems
  }
}

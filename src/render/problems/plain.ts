import {formatProblem} from '../../instances/format-problem.js'
import type {ValidatedFile} from '../../validation/validate-file.js'
import {summaryOf} from './summary.js'

/** A line for each problem, in the form that editors and compilers share, and one that counts them. */
export function plainProblems(files: readonly ValidatedFile[]): string {
  return [...files.flatMap(({problems}) => problems.map(formatProblem)), summaryOf(files)].join('\n')
}

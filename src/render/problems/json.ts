import type {Problem} from '../../instances/problem.js'
import type {ValidatedFile} from '../../validation/validate-file.js'

/** Problems for programs: see docs/json.md. */
export function jsonProblems(files: readonly ValidatedFile[]): {readonly problems: readonly Problem[]} {
  return {problems: files.flatMap(({problems}) => problems)}
}

import type {ValidatedFile} from '../../validation/validate-file.js'

/** How many files were looked at, and what was found in all of them. */
export function summaryOf(files: readonly ValidatedFile[]): string {
  const problems = files.flatMap(file => file.problems)
  const errors = problems.filter(({severity}) => severity === 'error').length
  return `${count(files.length, 'file')}: ${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

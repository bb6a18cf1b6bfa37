import type {Finding} from './problem.js'

/** How many problems of a file are shown: one with more is none that somebody mistyped. */
export const mostProblems = 1000

/** The first of some findings, one more than are shown, so that a file of megabytes cannot have millions of them made. */
export function firstFindings<Found>(findings: Iterable<Found>): readonly Found[] {
  const first: Found[] = []
  for (const finding of findings) {
    first.push(finding)
    if (first.length > mostProblems) {
      break
    }
  }
  return first
}

/** The findings that are shown, the last of which stands for all that are not. @param findings in the order of the file */
export function shownFindings(findings: readonly Finding[]): readonly Finding[] {
  const others = findings.slice(mostProblems)
  const [first] = others
  const errors = others.filter(one => one.severity === 'error')
  const worst = errors.find(one => one.isDoubtful !== true) ?? errors[0] ?? first
  if (first === undefined || worst === undefined || others.length === 1) {
    return findings
  }
  const {rule, severity, isDoubtful = false} = worst
  const message = `at least ${others.length} more problems from here on, which are not shown`
  const last: Finding = {rule, severity, message, ...(isDoubtful && {isDoubtful}), span: first.span}
  return [...findings.slice(0, mostProblems), last]
}

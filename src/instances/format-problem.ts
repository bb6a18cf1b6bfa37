import {printable} from '../text/printable.js'
import type {Problem} from './problem.js'

/**
 * `problem` on one line, in the form that editors and compilers share:
 * `file:line:column: error: message (hint) [rule]`.
 */
export function formatProblem({file, line, column, severity, message, hint, rule}: Problem): string {
  const place = line === undefined || column === undefined ? '' : `:${line}:${column}`
  const advice = hint === undefined ? '' : ` (${hint})`
  return printable(`${file}${place}: ${severity}: ${message}${advice} [${rule}]`)
}

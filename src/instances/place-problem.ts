import type {Span} from '../json/fault.js'
import type {LineIndex} from '../json/line-index.js'
import {printable} from '../text/printable.js'
import type {Finding, Problem, Region} from './problem.js'

/** `found` as a problem of the file `path`, whose text has these `lines`. From here on its texts are printable. */
export function placeProblem({span, first, ...found}: Finding, path: string, lines: LineIndex): Problem {
  const finding = {
    ...found,
    message: printable(found.message),
    ...(found.hint !== undefined && {hint: printable(found.hint.replaceAll('\n', ' '))}),
    ...(found.instance !== undefined && {instance: printable(found.instance)}),
    ...(found.key !== undefined && {key: printable(found.key)}),
  }
  if (span === undefined) {
    return {file: path, ...finding}
  }
  const region = regionAt(span, lines)
  if (first === undefined) {
    return {file: path, ...finding, ...region}
  }
  const firstRegion = regionAt(first, lines)
  const {line, column} = firstRegion
  const message = `${finding.message}, first at line ${line}, column ${column}`
  return {file: path, ...finding, message, ...region, first: firstRegion}
}

function regionAt({start, end}: Span, lines: LineIndex): Region {
  const {line: endLine, column: endColumn} = lines.placeOf(end)
  return {...lines.placeOf(start), endLine, endColumn}
}

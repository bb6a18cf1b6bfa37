import {styleText} from 'node:util'
import {LineIndex} from '../../json/line-index.js'
import {printable} from '../../text/printable.js'
import type {ValidatedFile} from '../../validation/validate-file.js'
import {frame, type Mark, marksOf} from './frame.js'
import {hiddenSpans} from './hidden-text.js'
import {summaryOf} from './summary.js'

/** Puts a style on a text, or not. */
type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

/** What the problems are shown on. */
interface Terminal {
  readonly hasColors: boolean
  /** How wide it is, where that is known. */
  readonly columns: number | undefined
}

/** What of a line is left beside its number and the marks of what is cut, at the least. */
const margins = 10
const narrowest = 60

/** Problems with the lines of source that they are about, in the style of a compiler; never with a value of a config. */
export function prettyProblems(
  files: readonly ValidatedFile[],
  {hasColors, columns = 100}: Terminal,
): string {
  const paint: Paint = (style, text) => (hasColors ? styleText(style, text, {validateStream: false}) : text)
  return [...files.flatMap(file => prettyFile(file, columns, paint)), summaryOf(files)].join('\n\n')
}

function prettyFile({text, problems}: ValidatedFile, columns: number, paint: Paint): readonly string[] {
  const lines = new LineIndex(text)
  const marked = problems.map(problem => ({
    ...problem,
    marks: marksOf(problem, lines, Math.max(narrowest, columns - margins)),
  }))
  const windows = marked.flatMap(({marks}) => marks.map(({window}) => window))
  const hidden = hiddenSpans(text, windows)
  return marked.map(({file, line, column, severity, rule, message, hint, marks}) => {
    const colour = severity === 'error' ? 'red' : 'yellow'
    const place = line === undefined ? '' : `:${line}:${column}`
    const margin = ' '.repeat(String(marks.at(-1)?.line ?? '').length)
    const underline = (sign: Mark['sign'], shown: string) =>
      paint(['bold', sign === '^' ? colour : 'blue'], shown)
    return [
      `${paint(['bold', colour], `${severity}[${rule}]`)}${paint('bold', `: ${message}`)}`,
      `${margin}${paint('blue', '-->')} ${printable(file)}${place}`,
      ...(marks.length === 0 ? [] : frame(marks, text, hidden, underline)),
      ...(hint === undefined ? [] : [`${margin} ${paint('blue', '=')} ${paint('bold', 'help')}: ${hint}`]),
    ].join('\n')
  })
}

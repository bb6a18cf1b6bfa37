import {type Problem, type Region, regionOf} from '../../instances/problem.js'
import type {Span} from '../../json/fault.js'
import type {LineIndex} from '../../json/line-index.js'
import type {HiddenSpans} from './hidden-text.js'
import {SourceLine} from './source-line.js'

/** How much of a line that is too long is shown before a place, in UTF-16 code units. */
const mostBefore = 30

/** One place that a frame points at. */
export interface Mark {
  readonly line: number
  /** What is pointed at, as far as it is on that line. */
  readonly span: Span
  /** What is shown of the line. */
  readonly window: Span & {readonly isCutBefore: boolean; readonly isCutBehind: boolean}
  /** What it is underlined with. */
  readonly sign: '^' | '-'
  readonly label: string
}

/**
 * What a frame for `problem` points at, in the order of the file; nothing where its place is not known.
 *
 * @param width how much of a line is shown, in UTF-16 code units
 */
export function marksOf(problem: Problem, lines: LineIndex, width: number): readonly Mark[] {
  const main = regionOf(problem)
  if (main === undefined) {
    return []
  }
  const {first = main} = problem
  // Both in the same part of a line where that is possible.
  const isNear = first.line === main.line && main.column - first.column < width / 2
  const mark = markAt(main, lines, width, isNear ? first.column : main.column)
  return first === main
    ? [{...mark, sign: '^', label: ''}]
    : [
        {...markAt(first, lines, width, first.column), sign: '-', label: 'first here'},
        {...mark, sign: '^', label: ''},
      ]
}

/** @param about the column, from 1, that the part of the line which is shown is chosen by */
function markAt(
  {line, column, endLine, endColumn}: Region,
  lines: LineIndex,
  width: number,
  about: number,
): Omit<Mark, 'sign' | 'label'> {
  const [lineStart, lineEnd] = [lines.startOf(line), lines.endOf(line)]
  const isLong = lineEnd - lineStart > width
  const from =
    isLong && about > 2 * mostBefore ? lines.characterAt(lineStart + about - 1 - mostBefore) : lineStart
  const to = isLong ? lines.characterAt(Math.min(lineEnd, from + width)) : lineEnd
  return {
    line,
    span: {
      start: lineStart + column - 1,
      end: endLine === line ? lineStart + endColumn - 1 : lineEnd,
    },
    window: {start: from, end: to, isCutBefore: from > lineStart, isCutBehind: to < lineEnd},
  }
}

/**
 * The lines of source that `marks` point at, each underlined, in the style of a compiler.
 *
 * @param hidden what must not be seen
 * @param paint colours an underline
 */
export function frame(
  marks: readonly Mark[],
  text: string,
  hidden: HiddenSpans,
  paint: (sign: Mark['sign'], underline: string) => string,
): readonly string[] {
  const width = String(marks.at(-1)?.line ?? '').length
  const gutter = `${' '.repeat(width)} |`
  const rows = marks.flatMap(({line, span, window, sign, label}, index) => {
    const {isCutBefore, isCutBehind} = window
    const source = new SourceLine(text, window, hidden)
    const column = source.columnOf(span.start)
    const length = Math.max(1, source.columnOf(Math.min(span.end, window.end)) - column)
    const ending = isCutBehind && !source.shown.endsWith('…') ? '…' : ''
    const beginning = isCutBefore && !source.shown.startsWith('…') ? '…' : ''
    const shown = `${beginning}${source.shown}${ending}`
    const indent = ' '.repeat(column + beginning.length)
    const previous = marks[index - 1]
    const isRepeated = previous?.line === line && previous.window.start === window.start
    return [
      ...(previous !== undefined && line > previous.line + 1 ? ['...'] : []),
      ...(isRepeated ? [] : [`${String(line).padStart(width)} | ${shown}`]),
      `${gutter} ${indent}${paint(sign, sign.repeat(length))}${label === '' ? '' : ` ${paint(sign, label)}`}`,
    ]
  })
  return [gutter, ...rows].map(line => line.trimEnd())
}

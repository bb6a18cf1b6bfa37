import {styleText} from 'node:util'
import stringWidth from 'string-width'
import type {Span} from '../../instances/json-faults.js'
import {Lines, type Problem, type Region, regionOf} from '../../instances/problem.js'
import {printable} from '../../text/printable.js'
import type {ValidatedFile} from '../../validation/validate-files.js'
import {hiddenSpans} from './hidden.js'
import {summaryOf} from './plain.js'

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
/** How much of a line that is too long is shown before a place, in UTF-16 code units. */
const mostBefore = 30

/** Problems with the lines of source that they are about, in the style of a compiler; never with a value of a config. */
export function prettyProblems(
  files: readonly ValidatedFile[],
  {hasColors, columns = 100}: Terminal,
): string {
  const paint: Paint = (style, text) => (hasColors ? styleText(style, text, {validateStream: false}) : text)
  const width = Math.max(narrowest, columns - margins)
  return [...files.flatMap(file => prettyFile(file, width, paint)), summaryOf(files)].join('\n\n')
}

function prettyFile(file: ValidatedFile, width: number, paint: Paint): readonly string[] {
  const source = {...file, lines: new Lines(file.text), width}
  return file.problems.map(problem => prettyProblem(problem, source, paint))
}

interface Source extends ValidatedFile {
  readonly lines: Lines
  /** How much of a line is shown, in UTF-16 code units. */
  readonly width: number
}

function prettyProblem(problem: Problem, source: Source, paint: Paint): string {
  const {file, line, column, severity, rule, message, hint} = problem
  const colour = severity === 'error' ? 'red' : 'yellow'
  const place = line === undefined ? '' : `:${line}:${column}`
  // Of what is no JSON nobody knows what would be a value of a config.
  const rows = source.root === undefined ? [] : rowsOf(problem, source, colour, paint)
  const margin = ' '.repeat(rows.length === 0 ? 0 : String(line).length)
  return [
    `${paint(['bold', colour], `${severity}[${rule}]`)}${paint('bold', `: ${message}`)}`,
    `${margin}${paint('blue', '-->')} ${printable(file)}${place}`,
    ...rows,
    ...(hint === undefined ? [] : [`${margin} ${paint('blue', '=')} ${paint('bold', 'help')}: ${hint}`]),
  ].join('\n')
}

/** The lines of source that a problem is about, underlined. */
function rowsOf(problem: Problem, source: Source, colour: 'red' | 'yellow', paint: Paint): readonly string[] {
  const region = regionOf(problem)
  if (region === undefined) {
    return []
  }

  const {first} = problem
  const gutter = `${' '.repeat(String(region.line).length)} |`
  const underlined = (
    place: Region,
    sign: '^' | '-',
    label: string,
    about: number,
  ): readonly [string, string] => {
    const {shown, indent, length} = shownLine(place, source, about)
    const style = ['bold', sign === '^' ? colour : 'blue'] as const
    const number = String(place.line).padStart(gutter.length - 2)
    return [
      `${number} | ${shown}`,
      `${gutter} ${' '.repeat(indent)}${paint([...style], sign.repeat(length))}${label && ` ${paint([...style], label)}`}`,
    ]
  }
  // Both in the same part of a line where that is possible.
  const isNear = first?.line === region.line && region.column - first.column < source.width / 2
  const [line, mark] = underlined(region, '^', '', isNear ? first.column : region.column)
  if (first === undefined) {
    return [gutter, line, mark].map(row => row.trimEnd())
  }

  const [firstLine, firstMark] = underlined(first, '-', 'first here', first.column)
  const between = region.line > first.line + 1 ? ['...'] : []
  return [gutter, firstLine, firstMark, ...between, ...(firstLine === line ? [] : [line]), mark].map(row =>
    row.trimEnd(),
  )
}

/**
 * What is shown of a line, and which part of that is underlined, in columns of a terminal.
 *
 * @param about the column, from 1, that the part of the line which is shown is chosen by
 */
function shownLine(
  {line, column, endLine, endColumn}: Region,
  {text, root, lines, width}: Source,
  about: number,
): {readonly shown: string; readonly indent: number; readonly length: number} {
  const [lineStart, lineEnd] = [lines.startOf(line), lines.endOf(line)]
  const isLong = lineEnd - lineStart > width
  const start =
    isLong && about > 2 * mostBefore ? wholeCharacter(text, lineStart + about - 1 - mostBefore) : lineStart
  const end = isLong ? wholeCharacter(text, Math.min(lineEnd, start + width)) : lineEnd
  const hidden = root === undefined ? [] : hiddenSpans(root, {offset: start, length: end - start})
  const until = (limit: number): string => showUntil(text, start, Math.min(limit, end), hidden)
  const all = until(end)
  const before = start > lineStart && !all.startsWith('…') ? '…' : ''
  const after = end < lineEnd && !all.endsWith('…') ? '…' : ''
  const from = lineStart + column - 1
  const indent = stringWidth(before + until(from))
  const to = endLine === line ? lineStart + endColumn - 1 : lineEnd
  const length = Math.max(1, stringWidth(before + until(to)) - indent)
  return {shown: `${before}${all}${after}`, indent, length}
}

/** Nothing in it acts on a terminal, and what is hidden is `…`. */
function showUntil(text: string, start: number, end: number, hidden: readonly Span[]): string {
  let shown = ''
  let at = start
  for (const {offset, length} of hidden) {
    if (offset >= end) {
      break
    }

    shown += `${plain(text.slice(at, Math.max(at, offset)))}…`
    at = Math.min(offset + length, end)
  }

  return shown + plain(text.slice(at, end))
}

function plain(text: string): string {
  return printable(text.replaceAll('\t', '  '))
}

const lowSurrogate = /^[\uDC00-\uDFFF]$/u

/** The offset itself, or that of the character which it would cut through. */
function wholeCharacter(text: string, offset: number): number {
  return lowSurrogate.test(text.charAt(offset)) ? offset - 1 : offset
}

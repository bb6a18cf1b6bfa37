import {UsageError} from '../errors/errors.js'
import {printable} from '../text/printable.js'
import type {Span} from './json-faults.js'
import {mayPass, type RuleId, type Severity} from './rules.js'

/** One thing that is wrong with an instances file. Its texts show no value of a config. */
export interface Finding {
  readonly rule: RuleId
  readonly severity: Severity
  readonly message: string
  /** What to do about it. */
  readonly hint?: string | undefined
  /** The name of the instance that it concerns. */
  readonly instance?: string | undefined
  /** The key that it concerns, as a path: `timeout-seconds`, `config.tokens[0]`. */
  readonly key?: string | undefined
  /** What in the text it is about. */
  readonly at?: Span | undefined
  /** The other thing in the text that it clashes with, and that comes first. */
  readonly first?: Span | undefined
}

/** How many problems of a file are shown: one with more is none that somebody mistyped. */
export const mostProblems = 1000

/** The findings that are shown, the last of which stands for all that are not. @param findings in the file's order */
export function shownFindings(findings: readonly Finding[]): readonly Finding[] {
  const others = findings.slice(mostProblems)
  const [first] = others
  if (first === undefined || others.length === 1) {
    return findings
  }

  const errors = others.filter(one => one.severity === 'error')
  const {rule, severity} = errors.find(one => !mayPass([one])) ?? errors[0] ?? first
  const message = `at least ${others.length} more problems from here on, which are not shown`
  return [...findings.slice(0, mostProblems), {rule, severity, message, at: first.at}]
}

/** Where something stands in a text: line and column count from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** From the first character to behind the last one. */
export interface Region extends Place {
  readonly endLine: number
  readonly endColumn: number
}

/** A finding in a file, with its place as people and editors count. Its texts are printable, each on one line. */
export interface Problem extends Omit<Finding, 'at' | 'first'>, Partial<Region> {
  /** As the user named it. */
  readonly file: string
  /** The place of what it clashes with. */
  readonly first?: Region
}

/** An instances file does not hold. The message lists every problem, one a line. */
export class InstancesFileError extends UsageError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem))
    this.problems = problems
  }
}

/**
 * `problem` on one line, in the form that editors and compilers share:
 * `file:line:column: error: message (hint) [rule]`.
 */
export function formatProblem({file, line, column, severity, message, hint, rule}: Problem): string {
  const place = line === undefined ? '' : `:${line}:${column}`
  const advice = hint === undefined ? '' : ` (${hint})`
  return printable(`${file}${place}: ${severity}: ${message}${advice} [${rule}]`)
}

/** Where a problem is, if that is known. */
export function regionOf({line, column, endLine, endColumn}: Problem): Region | undefined {
  return line === undefined || column === undefined || endLine === undefined || endColumn === undefined
    ? undefined
    : {line, column, endLine, endColumn}
}

// As in JSON parsers and editors.
const lineEnds = /\r\n|\r|\n/gu

/** The lines of a text, which end by LF, CR LF or CR. */
export class Lines {
  readonly #text: string
  #starts: readonly number[] | undefined

  constructor(text: string) {
    this.#text = text
  }

  placeOf(offset: number): Place {
    const starts = this.#allStarts
    let [line, behind] = [1, starts.length + 1]
    while (behind - line > 1) {
      const middle = Math.floor((line + behind) / 2)
      if (this.startOf(middle) <= offset) {
        line = middle
      } else {
        behind = middle
      }
    }

    return {line, column: offset - this.startOf(line) + 1}
  }

  regionOf({offset, length}: Span): Region {
    const {line: endLine, column: endColumn} = this.placeOf(offset + length)
    return {...this.placeOf(offset), endLine, endColumn}
  }

  /** The offset at which the line with this number, from 1, begins. */
  startOf(line: number): number {
    return this.#allStarts[line - 1] ?? this.#text.length
  }

  /** The offset at which it ends, before what ends it. */
  endOf(line: number): number {
    const next = this.#allStarts[line]
    return next === undefined ? this.#text.length : next - (this.#text.startsWith('\r\n', next - 2) ? 2 : 1)
  }

  /** Made when it is first asked for, as most files have no problem to be placed. */
  get #allStarts(): readonly number[] {
    this.#starts ??= [0, ...Array.from(this.#text.matchAll(lineEnds), end => end.index + end[0].length)]
    return this.#starts
  }
}

/** `found` as a problem of the file `path`, whose text has these `lines`. From here on its texts are printable. */
export function problemOf({at, first, ...found}: Finding, path: string, lines: Lines): Problem {
  const finding = {
    ...found,
    message: printable(found.message),
    ...(found.hint !== undefined && {hint: printable(found.hint.replaceAll('\n', ' '))}),
    ...(found.instance !== undefined && {instance: printable(found.instance)}),
    ...(found.key !== undefined && {key: printable(found.key)}),
  }
  const region = at && lines.regionOf(at)
  if (first === undefined) {
    return {file: path, ...finding, ...region}
  }

  const firstRegion = lines.regionOf(first)
  const message = `${finding.message}, first at line ${firstRegion.line}, column ${firstRegion.column}`
  return {file: path, ...finding, message, ...region, first: firstRegion}
}

import {UsageError} from '../errors/errors.js'
import {printable, quoted} from '../text/printable.js'
import {mayPass, type RuleId, type Severity} from './rules.js'

/** A part of a text, in UTF-16 code units. A node of a tree is one. */
export interface Span {
  readonly offset: number
  readonly length: number
}

/** One thing that is wrong with an instances file. Its texts show no value of a config. */
interface Mistake {
  readonly rule: RuleId
  readonly severity: Severity
  readonly message: string
  /** What to do about it. */
  readonly hint?: string | undefined
  /** The name of the instance that it concerns. */
  readonly instance?: string | undefined
  /** The key that it concerns, as a path: `timeout-seconds`, `config.tokens[0]`. */
  readonly key?: string | undefined
}

/** A problem as it is found in a text. */
export interface TextProblem extends Mistake {
  /** What it is about. */
  readonly at?: Span | undefined
  /** The other thing that it clashes with, and that comes first. */
  readonly first?: Span | undefined
}

/** A problem of a file, with its place as people and editors count. Its texts are printable, each on one line. */
export interface Problem extends Mistake, Partial<Region> {
  /** As the user named it. */
  readonly file: string
  /** The place of what it clashes with. */
  readonly first?: Region
}

/** How many problems of a file are shown: one with more is none that somebody mistyped. */
export const mostProblems = 1000

/** The problems that are shown, the last of which stands for all that are not. @param problems in the file's order */
export function shownProblems(problems: readonly TextProblem[]): readonly TextProblem[] {
  const others = problems.slice(mostProblems)
  const [first] = others
  if (first === undefined || others.length === 1) {
    return problems
  }

  const errors = others.filter(one => one.severity === 'error')
  const {rule, severity} = errors.find(one => !mayPass([one])) ?? errors[0] ?? first
  const message = `at least ${others.length} more problems from here on, which are not shown`
  return [...problems.slice(0, mostProblems), {rule, severity, message, at: first.at}]
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

/** `problem` as one of the file `path`, whose text has these `lines`. From here on its texts are printable. */
export function problemIn(path: string, lines: Lines, {at, first, ...problem}: TextProblem): Problem {
  const {message, hint, instance, key} = problem
  const clash = first && lines.regionOf(first)
  const where = clash && `, first at line ${clash.line}, column ${clash.column}`
  return {
    file: path,
    ...problem,
    message: `${printable(message)}${where ?? ''}`,
    ...(hint !== undefined && {hint: printable(hint.replaceAll('\n', ' '))}),
    ...(instance !== undefined && {instance: printable(instance)}),
    ...(key !== undefined && {key: printable(key)}),
    ...(at && lines.regionOf(at)),
    ...(clash && {first: clash}),
  }
}

/** From the first character to behind the last one. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Region {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
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

  regionOf({offset, length}: Span): Region {
    const [line, endLine] = [this.#lineOf(offset), this.#lineOf(offset + length)]
    return {
      line,
      column: offset - this.startOf(line) + 1,
      endLine,
      endColumn: offset + length - this.startOf(endLine) + 1,
    }
  }

  /** The offset at which the line with this number, from 1, begins. */
  startOf(line: number): number {
    return this.#allStarts[line - 1] ?? this.#text.length
  }

  #lineOf(offset: number): number {
    let [line, behind] = [1, this.#allStarts.length + 1]
    while (behind - line > 1) {
      const middle = Math.floor((line + behind) / 2)
      ;[line, behind] = this.startOf(middle) <= offset ? [middle, behind] : [line, middle]
    }

    return line
  }

  /** Made when it is first asked for, as most files have no problem to be placed. */
  get #allStarts(): readonly number[] {
    this.#starts ??= [0, ...Array.from(this.#text.matchAll(lineEnds), end => end.index + end[0].length)]
    return this.#starts
  }
}

/** The way from an instance down to a value: keys of objects and indexes of arrays. */
export type KeyPath = readonly (string | number)[]

const plainKey = /^[\w-]{1,60}$/u
const longestFirst = 200

/** Of a longer path the middle is left out. */
const mostSteps = 20

/** `path` as a person writes it: `config.tokens[0]`, `config["a b"]`. What is very long is cut. */
export function formatKeyPath([key = '', ...steps]: KeyPath): string {
  const first = String(key)
  const below =
    steps.length < mostSteps
      ? steps.map(formatStep)
      : [
          ...steps.slice(0, mostSteps / 2 - 1).map(formatStep),
          '…',
          ...steps.slice(-mostSteps / 2).map(formatStep),
        ]
  return [first.length > longestFirst ? `${first.slice(0, longestFirst)}…` : first, ...below].join('')
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') {
    return `[${step}]`
  }

  return plainKey.test(step) ? `.${step}` : `[${quoted(step)}]`
}

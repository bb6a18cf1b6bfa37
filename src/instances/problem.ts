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

/** An error in a text. @param at what it is about, where that is not the whole file */
export function errorAt(
  at: Span | undefined,
  rule: RuleId,
  message: string,
  more: Pick<TextProblem, 'hint' | 'key' | 'first'> = {},
): TextProblem {
  return {rule, severity: 'error', message, at, ...more}
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

/** What is found in the `text` of the file `path`, as its problems. From here on their texts are printable. */
export function problemsIn(path: string, text: string, problems: readonly TextProblem[]): readonly Problem[] {
  // Most files have none, and then nobody needs their lines.
  const lines = new Lines(problems.length === 0 ? '' : text)
  return problems.map(({at, first, ...problem}) => {
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
  })
}

/** From the first character to behind the last one. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Region {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Whether it is known where a problem is. */
export function hasRegion(problem: Problem): problem is Problem & Region {
  return problem.line !== undefined
}

// As in JSON parsers and editors.
const lineEnds = /\r\n|\r|\n/gu

/** The lines of a text, which end by LF, CR LF or CR. */
export class Lines {
  readonly #starts: readonly number[]

  constructor(text: string) {
    this.#starts = [0, ...Array.from(text.matchAll(lineEnds), end => end.index + end[0].length)]
  }

  regionOf({offset, length}: Span): Region {
    const [line, endLine] = [this.#lineOf(offset), this.#lineOf(offset + length)]
    const [column, endColumn] = [offset - this.startOf(line) + 1, offset + length - this.startOf(endLine) + 1]
    return {line, column, endLine, endColumn}
  }

  /** The offset at which the line with this number, from 1, begins; behind the last one, a number larger than any. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? Number.POSITIVE_INFINITY
  }

  #lineOf(offset: number): number {
    let [line, behind] = [1, this.#starts.length + 1]
    while (behind - line > 1) {
      const middle = Math.floor((line + behind) / 2)
      ;[line, behind] = this.startOf(middle) <= offset ? [middle, behind] : [line, middle]
    }

    return line
  }
}

/** The way from an instance down to a value: keys of objects and indexes of arrays. */
export type KeyPath = readonly (string | number)[]

const plainKey = /^[\w-]{1,60}$/u
/** Of a longer path the middle is left out. */
const longestPath = 300

/** `path` as a person writes it: `config.tokens[0]`, `config["a b"]`. What is very long is cut. */
export function formatKeyPath([key = '', ...steps]: KeyPath): string {
  const path = `${key}${steps.map(formatStep).join('')}`
  const half = longestPath / 2
  return path.length > longestPath ? `${path.slice(0, half)}…${path.slice(-half)}` : path
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') {
    return `[${step}]`
  }

  return plainKey.test(step) ? `.${step}` : `[${quoted(step)}]`
}

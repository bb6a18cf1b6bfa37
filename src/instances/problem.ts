import type {Span} from '../json/fault.js'
import type {Place} from '../json/line-index.js'
import type {RuleId, Severity} from '../rules.js'

/** One thing that is wrong with the text of an instances file. Its texts show no value of `config`. */
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
  /** Whether it may be right: a plugin that failed may know better. */
  readonly isDoubtful?: boolean
  /** What in the text it is about. */
  readonly span?: Span | undefined
  /** The other thing in the text that it clashes with, and that comes first. */
  readonly first?: Span | undefined
}

/** Where something stands in a file, from its first character to behind its last one. */
export interface Region extends Place {
  readonly endLine: number
  readonly endColumn: number
}

/** A finding in a file, with its place as people and editors count. Its texts are printable, each on one line. */
export interface Problem extends Omit<Finding, 'span' | 'first'>, Partial<Region> {
  /** As the user named it. */
  readonly file: string
  /** The place of what it clashes with. */
  readonly first?: Region
}

/** Where a problem is, if that is known. */
export function regionOf({line, column, endLine, endColumn}: Problem): Region | undefined {
  return line === undefined || column === undefined || endLine === undefined || endColumn === undefined
    ? undefined
    : {line, column, endLine, endColumn}
}

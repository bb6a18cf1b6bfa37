/** Where something stands in a file: line and column count from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One thing that is wrong with the text of an instances file. Its texts are printable and show no value of `config`. */
export interface Finding extends Partial<Place> {
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** What to do about it. */
  readonly hint?: string | undefined
  /** The name of the instance that it concerns. */
  readonly instance?: string | undefined
  /** The key that it concerns, as a path: `timeout-seconds`, `config.tokens[0]`. */
  readonly key?: string | undefined
  /** Whether it may be right: a plugin that failed may know better. */
  readonly isDoubtful?: boolean
}

/** A finding and the file it was made in, as the user named it. */
export interface Problem extends Finding {
  readonly file: string
}

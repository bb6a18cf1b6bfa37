/** Where something stands in a text: line and column count from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number
  readonly column: number
}

const lowSurrogate = /^[\uDC00-\uDFFF]$/
// As in JSON parsers and editors.
const lineEnds = /\r\n|\r|\n/gu

/** The lines of a text, which end by LF, CR LF or CR. */
export class LineIndex {
  readonly #text: string
  /** The offset of each line's first character. */
  #starts: readonly number[] | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** How many lines there are; a text without any line end has one. */
  get count(): number {
    return this.#allStarts.length
  }

  placeOf(offset: number): Place {
    const line = this.#lineOf(offset)
    return {line, column: offset - this.startOf(line) + 1}
  }

  /** The offset at which the line with this number, from 1, begins. */
  startOf(line: number): number {
    return this.#allStarts[line - 1] ?? this.#text.length
  }

  /** The offset at which it ends, before what ends it. */
  endOf(line: number): number {
    const next = this.#allStarts[line]
    if (next === undefined) {
      return this.#text.length
    }
    return next - (this.#text.startsWith('\r\n', next - 2) ? 2 : 1)
  }

  /** The offset itself, or that of the character which it would cut through. */
  characterAt(offset: number): number {
    return lowSurrogate.test(this.#text.charAt(offset)) ? offset - 1 : offset
  }

  /** Made when it is first asked for, as most files have no problem to be placed. */
  get #allStarts(): readonly number[] {
    this.#starts ??= [0, ...Array.from(this.#text.matchAll(lineEnds), end => end.index + end[0].length)]
    return this.#starts
  }

  #lineOf(offset: number): number {
    const starts = this.#allStarts
    let [first, last] = [0, starts.length - 1]
    while (first < last) {
      const middle = Math.ceil((first + last) / 2)
      if ((starts[middle] ?? 0) <= offset) {
        first = middle
      } else {
        last = middle - 1
      }
    }
    return first + 1
  }
}

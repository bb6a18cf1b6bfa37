/**
 * Splits a stream of bytes into lines at `\n` and nowhere else, whatever the pieces it arrives in. (`node:readline`
 * also splits at U+2028, which may stand in JSON as it is.)
 */
export class LineSplitter {
  #pending: Buffer[] = []
  #pendingSize = 0
  readonly #limit: number

  /** @param limit the longest line, in bytes */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Gives the lines that `chunk` completes. @throws RangeError for a line over the limit */
  *push(chunk: Buffer): Iterable<string> {
    let from = 0
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      this.#keep(chunk.subarray(from, end))
      yield Buffer.concat(this.#pending).toString('utf8')
      this.#pending = []
      this.#pendingSize = 0
      from = end + 1
    }

    this.#keep(chunk.subarray(from))
  }

  #keep(piece: Buffer): void {
    this.#pendingSize += piece.length
    if (this.#pendingSize > this.#limit) {
      throw new RangeError(`a line of more than ${this.#limit} bytes`)
    }

    this.#pending.push(piece)
  }
}

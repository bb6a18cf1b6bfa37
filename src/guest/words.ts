/** What a guest tells of itself, a line each, on its port `org.vmrun.status`. */
export type GuestWord =
  | {readonly word: 'ready' | 'busy' | 'idle'}
  | {readonly word: 'status'; readonly text: string}
  /** The job has ended. `code`: from 0 to 255. */
  | {readonly word: 'exit'; readonly code: number}

/** The longest line that is heard, in bytes without its end. */
export const longestLine = 1024

const newline = 0x0a
const carriageReturn = 0x0d

/** Finds words in the bytes that a guest sends. Nothing that it sends fails; what is no word is counted. */
export class WordReader {
  /** How many lines were no words. */
  strange = 0
  #pending: Buffer = Buffer.alloc(0)
  /** The line has become too long: the rest of it is thrown away. */
  #skips = false

  /** @returns the words that the chunk completes, in their order */
  read(chunk: Uint8Array): readonly GuestWord[] {
    const words: GuestWord[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#keep(chunk.subarray(start, end))
      start = end + 1
      const word = this.#skips ? undefined : wordOf(this.#pending)
      this.#pending = Buffer.alloc(0)
      this.#skips = false
      if (word === undefined) {
        this.strange += 1
      } else {
        words.push(word)
      }
    }

    this.#keep(chunk.subarray(start))
    return words
  }

  #keep(part: Uint8Array): void {
    this.#skips ||= this.#pending.length + part.length > longestLine
    this.#pending = this.#skips ? Buffer.alloc(0) : Buffer.concat([this.#pending, part])
  }
}

/** A word, and what follows it. */
const parts = / (.*)/su
const shortNumber = /^\d{1,3}$/u

const decoder = new TextDecoder('utf-8', {fatal: true})

function wordOf(line: Buffer): GuestWord | undefined {
  let text: string
  try {
    // Where the port is a terminal's, its lines end in CR LF.
    text = decoder.decode(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line)
  } catch {
    return
  }

  const [word = '', rest = ''] = text.split(parts)
  switch (word) {
    case 'ready':
    case 'busy':
    case 'idle':
      return rest === '' ? {word} : undefined
    case 'status':
      return rest === '' ? undefined : {word, text: rest}
    case 'exit': {
      const code = shortNumber.test(rest) ? Number(rest) : 256
      return code > 255 ? undefined : {word, code}
    }
    default:
      return
  }
}

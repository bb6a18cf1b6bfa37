import type {Writable} from 'node:stream'
import type {GuestOutput} from '../contract/guest.js'
import {plainLine} from './console-filters.js'

/** How much of it is kept, in bytes. */
const keptLength = 64 * 1024

/** How many lines of that a verdict shows. */
const shownLines = 20

/** What a guest prints, and the last of it. */
export class OutputTail implements GuestOutput {
  writable: Writable | undefined
  readonly #kept = Buffer.alloc(keptLength)
  /** How much has come so far, in bytes. */
  #length = 0

  keep(bytes: Uint8Array): void {
    const end = bytes.subarray(-keptLength)
    this.#length += bytes.length - end.length
    const place = this.#length % keptLength
    const first = end.subarray(0, keptLength - place)
    this.#kept.set(first, place)
    this.#kept.set(end.subarray(first.length))
    this.#length += end.length
  }

  /** The last lines of it. Nothing in them can act on a terminal. */
  lines(): readonly string[] {
    const place = this.#length % keptLength
    const bytes =
      this.#length > keptLength
        ? Buffer.concat([this.#kept.subarray(place), this.#kept.subarray(0, place)])
        : this.#kept.subarray(0, this.#length)
    const text = bytes.toString().trimEnd()
    return text === '' ? [] : text.split('\n').slice(-shownLines).map(plainLine)
  }
}

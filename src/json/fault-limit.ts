import type {SyntaxFault} from './fault.js'

/** A text with more mistakes than this is no JSON that somebody mistyped. */
export const mostFaults = 1000
/** The same for mistakes of which it is not plain what was meant. */
const mostUnclear = 20

/** Tells when a text has so many mistakes that no more are looked for. */
export class FaultLimit {
  #faults = 0
  #unclear = 0

  count({isPlain}: SyntaxFault): void {
    this.#faults += 1
    this.#unclear += isPlain ? 0 : 1
  }

  get isReached(): boolean {
    return this.#faults >= mostFaults || this.#unclear >= mostUnclear
  }
}

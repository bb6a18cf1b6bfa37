import {isJsonObject, type JsonObject, type JsonValue} from '../../contract/json-value.js'

/** What QEMU may say, by the QEMU Machine Protocol Specification; whatever else it says is `unknown`. */
export type Message =
  | {readonly kind: 'greeting'}
  | {readonly kind: 'result'; readonly id: number; readonly result: JsonValue}
  | {readonly kind: 'error'; readonly id: number; readonly description: string}
  | {readonly kind: 'event'; readonly event: QmpEvent}
  | {readonly kind: 'unknown'}

export interface QmpEvent {
  readonly name: string
  readonly data: JsonObject
}

/** Reads one line that QEMU sent. @throws SyntaxError when it is not JSON */
export function parseMessage(line: string): Message {
  const message: JsonValue = JSON.parse(line)
  if (!isJsonObject(message)) {
    return {kind: 'unknown'}
  }

  const {QMP: greeting, event, id, error} = message
  if (isJsonObject(greeting)) {
    return {kind: 'greeting'}
  }

  if (typeof event === 'string') {
    const {data} = message
    return {kind: 'event', event: {name: event, data: isJsonObject(data) ? data : {}}}
  }

  if (typeof id !== 'number') {
    return {kind: 'unknown'}
  }

  return error === undefined
    ? {kind: 'result', id, result: message['return'] ?? null}
    : {kind: 'error', id, description: describeError(error)}
}

function describeError(error: JsonValue): string {
  const description = isJsonObject(error) ? error['desc'] : undefined
  return typeof description === 'string' ? description : 'it did not say why'
}

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

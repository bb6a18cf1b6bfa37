import {on} from 'node:events'
import type {Duplex} from 'node:stream'
import {isJsonObject, type JsonObject, type JsonValue} from '../contract/json-value.js'
import {attempt, HostError} from '../errors/errors.js'
import {withinLimit} from '../time/timer.js'

/** How long an agent may take to answer, in milliseconds. In an emulated guest it is slow. */
const answerLimit = 10_000

/** The longest line that is taken, in bytes. */
const longestLine = 2 ** 20

/** How much is told of why an agent refuses a command, in characters. */
const longestReason = 300

const lineEnd = 0x0a
const delimiter = 0xff

/**
 * QEMU's guest agent, over the stream of bytes that its port is (QEMU Guest Agent Protocol Reference). In its place anything
 * may be in the guest, so its answers are to be believed no more than the guest, and may be nested as deep as 1 MiB allows.
 *
 * Nothing is read but while an answer is awaited: a guest that sends without end costs nothing, and no memory grows.
 */
export class GuestAgent {
  readonly #stream: Duplex
  #turn: Promise<unknown> = Promise.resolve()
  #syncs = 0

  constructor(stream: Duplex) {
    this.#stream = stream
    stream.on('end', () => stream.destroy())
    stream.on('error', () => stream.destroy())
  }

  /**
   * Gives a command, when the earlier ones are answered or given up, and waits some seconds for what it returns, of at most
   * 1 MiB; `guest-shutdown` returns nothing when it works. @throws HostError with what the agent says where it refuses, and
   * where nobody answers
   */
  async execute(command: string, commandArguments?: JsonObject): Promise<JsonValue> {
    const result = this.#turn.then(async () => {
      this.#syncs += 1
      // Leaves behind all that either side said before, be it half a line.
      await this.#ask('guest-sync-delimited', {id: this.#syncs}, this.#syncs)
      return await this.#ask(command, commandArguments)
    })
    this.#turn = result.catch(() => undefined)
    return await result
  }

  /** @param sync what a sync is answered with; before it and its answer stands the byte 0xFF */
  async #ask(command: string, commandArguments?: JsonObject, sync?: number): Promise<JsonValue> {
    const stream = this.#stream
    const unanswered = new HostError(`the guest's agent did not answer ${command}`)
    // More of what nobody reads would pile up.
    if (stream.destroyed || stream.writableNeedDrain) {
      throw unanswered
    }

    const line = `${JSON.stringify({execute: command, arguments: commandArguments})}\n`
    stream.write(Buffer.concat([Buffer.from(sync === undefined ? [] : [delimiter]), Buffer.from(line)]))
    stream.resume()
    try {
      return await withinLimit(answerLimit, async givenUp => {
        for await (const said of linesOf(stream, sync !== undefined, givenUp)) {
          const answer = answerIn(said, command, sync)
          if (answer !== undefined) {
            return answer
          }
        }

        throw unanswered
      })
    } catch (error) {
      throw error instanceof HostError ? error : unanswered
    } finally {
      stream.pause()
    }
  }
}

/** What a line answers, if it does (QEMU Machine Protocol Specification, section 2.4). @throws HostError for a refusal */
function answerIn(line: string, command: string, sync: number | undefined): JsonValue | undefined {
  const reply = attempt((): JsonValue => JSON.parse(line))
  const {return: returned, error}: JsonObject = isJsonObject(reply) ? reply : {}
  if (sync !== undefined || error === undefined) {
    return sync === undefined || returned === sync ? returned : undefined
  }

  const reason = isJsonObject(error) ? error['desc'] : undefined
  const said = typeof reason === 'string' ? reason.slice(0, longestReason) : 'it did not say why'
  throw new HostError(`the guest's agent refused ${command}: ${said}`)
}

/**
 * The lines that an agent sends, until the stream ends: those behind the byte 0xFF, or those without it, and the others empty.
 * That byte is no part of UTF-8, and makes a line begin anew. @throws HostError for a line that is too long, and something else when the signal is aborted
 */
async function* linesOf(stream: Duplex, isDelimited: boolean, signal: AbortSignal): AsyncGenerator<string> {
  // Were the pieces themselves kept, single bytes would take a hundred times the room.
  const line = Buffer.alloc(longestLine)
  let length = 0
  let isWanted = !isDelimited
  for await (const [piece] of on(stream, 'data', {signal, close: ['close']})) {
    for (const byte of piece) {
      if (byte === lineEnd) {
        yield line.toString('utf8', 0, length)
      }

      if (byte === lineEnd || byte === delimiter) {
        length = 0
        isWanted = isDelimited === (byte === delimiter)
      } else if (length === longestLine) {
        throw new HostError(`the guest's agent answers with more than ${longestLine / 2 ** 20} MiB`)
      } else {
        // What is not wanted takes no room.
        line[length] = byte
        length += Number(isWanted)
      }
    }
  }
}

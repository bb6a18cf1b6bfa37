import {on} from 'node:events'
import type {Duplex} from 'node:stream'
import {isJsonObject, type JsonObject, type JsonValue} from '../contract/json-value.js'
import {attempt, HostError} from '../errors/errors.js'
import {unless, waitUntil} from '../time/timer.js'

/** How long an agent may take to answer, in milliseconds. In an emulated guest it is slow. */
const answerLimit = 10_000

/** The longest line that is taken, in bytes. */
const longestLine = 2 ** 20

/** How much is told of why an agent refuses a command, in characters. */
const longestReason = 300

const lineEnd = 0x0a
const delimiter = 0xff

/** What is asked, as the protocol has it. */
interface Question {
  readonly execute: string
  readonly arguments?: JsonObject | undefined
}

/** The answer in a line, if that is one. @throws HostError where it is a refusal */
type AnswerIn = (reply: JsonObject) => JsonValue | undefined

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
      await this.#sync()
      const question = {execute: command, arguments: commandArguments}
      return await this.#ask(question, false, ({return: returned, error}) => {
        if (error !== undefined) {
          throw new HostError(`the guest's agent refused ${command}: ${reasonIn(error)}`)
        }

        return returned
      })
    })
    this.#turn = result.catch(() => undefined)
    return await result
  }

  /** Leaves behind all that either side said before, be it half a line. */
  async #sync(): Promise<void> {
    this.#syncs += 1
    const id = this.#syncs
    const question = {execute: 'guest-sync-delimited', arguments: {id}}
    await this.#ask(question, true, ({return: returned}) => (returned === id ? id : undefined))
  }

  /** @param isDelimited whether the byte 0xFF stands before question and answer */
  async #ask(question: Question, isDelimited: boolean, answerIn: AnswerIn): Promise<JsonValue> {
    const stream = this.#stream
    const unanswered = new HostError(`the guest's agent did not answer ${question.execute}`)
    // More of what nobody reads would pile up.
    if (stream.destroyed || stream.writableNeedDrain) {
      throw unanswered
    }

    stream.write(
      Buffer.concat([
        Buffer.from(isDelimited ? [delimiter] : []),
        Buffer.from(`${JSON.stringify(question)}\n`),
      ]),
    )
    stream.resume()
    try {
      const answer = (over: AbortSignal): Promise<JsonValue | undefined> =>
        answerOf(linesOf(stream, isDelimited, over), answerIn)
      const found = await unless(answer, async over => {
        await waitUntil(performance.now() + answerLimit, over)
        return unanswered
      })
      if (found !== undefined) {
        return found
      }
    } catch (error) {
      throw error instanceof HostError ? error : unanswered
    } finally {
      stream.pause()
    }

    throw unanswered
  }
}

async function answerOf(lines: AsyncIterable<string>, answerIn: AnswerIn): Promise<JsonValue | undefined> {
  for await (const line of lines) {
    const reply = attempt((): JsonValue => JSON.parse(line))
    const answer = reply !== undefined && isJsonObject(reply) ? answerIn(reply) : undefined
    if (answer !== undefined) {
      return answer
    }
  }

  return
}

/**
 * The lines that an agent sends, those behind the byte 0xFF or the others, until the stream ends. That byte is no part of UTF-8,
 * and makes a line begin anew. @throws HostError for a line that is too long, and something else when the signal is aborted
 */
async function* linesOf(stream: Duplex, isDelimited: boolean, signal: AbortSignal): AsyncGenerator<string> {
  // Were the pieces themselves kept, single bytes would take a hundred times the room.
  const line = Buffer.alloc(longestLine)
  let length = 0
  let isWanted = !isDelimited
  for await (const [piece] of on(stream, 'data', {signal, close: ['close']})) {
    for (const byte of piece) {
      if (byte === lineEnd && isWanted) {
        yield line.toString('utf8', 0, length)
      }

      if (byte === lineEnd || byte === delimiter) {
        length = 0
        isWanted = isDelimited === (byte === delimiter)
      } else if (isWanted) {
        line[length] = byte
        length += 1
        expectRoom(length)
      }
    }
  }
}

function expectRoom(length: number): void {
  if (length > longestLine) {
    throw new HostError(`the guest's agent answers with more than ${longestLine / 2 ** 20} MiB`)
  }
}

/** In an error reply (QEMU Machine Protocol Specification, section 2.4.2). */
function reasonIn(error: JsonValue): string {
  const reason = isJsonObject(error) ? error['desc'] : undefined
  return typeof reason === 'string' ? reason.slice(0, longestReason) : 'it did not say why'
}

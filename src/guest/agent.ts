import {on} from 'node:events'
import type {Duplex} from 'node:stream'
import {isJsonObject, type JsonObject, type JsonValue} from '../contract/json-value.js'
import {HostError} from '../errors/errors.js'
import {unless, waitUntil} from '../time/timer.js'
import {repliesIn} from './replies.js'

/** Nobody answered: no agent runs in the guest, it is busy, or the guest is gone. */
export class AgentSilentError extends HostError {}

/** How long an agent that has nothing to do may take to answer, in milliseconds. In an emulated guest it is slow. */
const syncLimit = 5000

/** How long it may take over a command, in milliseconds. */
const answerLimit = 10_000

/** How much is told of why an agent refuses a command, in characters. */
const longestReason = 300

/** What is asked, and what is found to be the answer. */
interface Question {
  readonly command: string
  readonly commandArguments?: JsonObject | undefined
  /** In milliseconds. */
  readonly limit: number
  /** Whether the byte 0xFF goes before it, and before the answer. */
  readonly isDelimited: boolean
  /** The answer, if this is one. @throws HostError where it is a refusal */
  readonly answerIn: (message: JsonObject) => JsonValue | undefined
}

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
  #shutDown: Promise<unknown> | undefined

  constructor(stream: Duplex) {
    this.#stream = stream
    stream.on('end', () => stream.destroy())
    stream.on('error', () => stream.destroy())
  }

  /**
   * Gives a command, when the earlier ones are answered or given up, and waits some seconds for what it returns, of at most
   * 1 MiB. @throws HostError with what the agent says where it refuses, AgentSilentError
   */
  async execute(command: string, commandArguments?: JsonObject): Promise<JsonValue> {
    return await this.#inTurn(() => this.#command(command, commandArguments))
  }

  /**
   * Asks the guest to power off. An agent that does it does not answer: settles after some seconds in which it did not
   * refuse, or when the guest is gone. Until then, to ask again is to ask once.
   *
   * @throws HostError with what the agent says where it refuses, AgentSilentError where there is none
   */
  async shutDown(): Promise<void> {
    this.#shutDown ??= this.#inTurn(() =>
      this.#command('guest-shutdown').catch((error: unknown) => {
        if (!(error instanceof AgentSilentError)) {
          throw error
        }
      }),
    ).finally(() => {
      this.#shutDown = undefined
    })
    await this.#shutDown
  }

  /** Does something when the agent has answered, or not, what it was asked before, and listens. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(async () => {
      await this.#sync()
      return await work()
    })
    this.#turn = result.catch(() => undefined)
    return await result
  }

  /** Leaves behind all that either side said before, be it half a line. */
  async #sync(): Promise<void> {
    if (this.#stream.writableNeedDrain) {
      // More of what nobody reads would pile up.
      throw new AgentSilentError('nobody in the guest reads the port of its agent')
    }

    this.#syncs += 1
    const id = this.#syncs
    await this.#ask({
      command: 'guest-sync-delimited',
      commandArguments: {id},
      limit: syncLimit,
      isDelimited: true,
      answerIn: ({return: result}) => (result === id ? id : undefined),
    })
  }

  async #command(command: string, commandArguments?: JsonObject): Promise<JsonValue> {
    const answerIn = ({return: result, error}: JsonObject): JsonValue | undefined => {
      if (error !== undefined) {
        throw new HostError(`the guest's agent refused ${command}: ${reasonIn(error)}`)
      }

      return result
    }
    return await this.#ask({command, commandArguments, limit: answerLimit, isDelimited: false, answerIn})
  }

  async #ask(question: Question): Promise<JsonValue> {
    const {command, commandArguments, limit, isDelimited} = question
    const stream = this.#stream
    if (stream.destroyed) {
      throw goneBefore(command)
    }

    const line = `${JSON.stringify({execute: command, arguments: commandArguments})}\n`
    stream.write(Buffer.concat([Buffer.from(isDelimited ? [0xff] : []), Buffer.from(line)]))
    stream.resume()
    try {
      return await unless(
        givenUp => this.#hear(question, givenUp),
        async over => {
          await waitUntil(performance.now() + limit, over)
          return new AgentSilentError(
            `the guest's agent did not answer ${command} within ${limit / 1000} seconds`,
          )
        },
      )
    } finally {
      stream.pause()
    }
  }

  async #hear({command, isDelimited, answerIn}: Question, givenUp: AbortSignal): Promise<JsonValue> {
    try {
      for await (const reply of repliesIn(piecesOf(this.#stream, givenUp), isDelimited)) {
        const answer = answerIn(reply)
        if (answer !== undefined) {
          return answer
        }
      }
    } catch (error) {
      throw error instanceof HostError ? error : goneBefore(command)
    }

    throw goneBefore(command)
  }
}

/** What arrives until the stream ends. @throws when it breaks, or the signal is aborted */
async function* piecesOf(stream: Duplex, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const [piece] of on(stream, 'data', {signal, close: ['close']})) {
    yield piece
  }
}

function goneBefore(command: string): AgentSilentError {
  return new AgentSilentError(`the guest's agent was gone before it answered ${command}`)
}

/** In an error reply (QEMU Machine Protocol Specification, section 2.4.2). */
function reasonIn(error: JsonValue): string {
  const reason = isJsonObject(error) ? error['desc'] : undefined
  return typeof reason === 'string' ? reason.slice(0, longestReason) : 'it did not say why'
}

import {channel} from 'node:diagnostics_channel'
import type {Duplex} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'
import {isJsonObject, type JsonObject, type JsonValue} from '../../contract/json-value.js'
import {attempt, HostError} from '../../errors/errors.js'

/** Told of each command when it is sent: its name, as `command`, and the promise of its result, as `answer`. */
export const sentCommands = channel('vmrun:qmp-command')

/** Told of each event when it is received: its name, as `event`. */
export const receivedEvents = channel('vmrun:qmp-event')

/** QEMU refused a command: it is wrong, or does not fit the state that the machine is in. */
export class QmpError extends HostError {}

/** The connection to QEMU ended before it answered. */
export class QmpClosedError extends HostError {}

export interface QmpEvent {
  readonly name: string
  readonly data: JsonObject
}

interface Pending {
  readonly command: string
  readonly resolve: (result: JsonValue) => void
  readonly reject: (error: Error) => void
}

/** The longest message that is taken, in characters; QEMU's own are some kilobytes. */
const messageLimit = 16 * 1024 * 1024

/** One QMP connection over a stream of bytes (QEMU Machine Protocol Specification). It ends with the stream. */
export class QmpClient {
  /** Settles when the stream has ended and every event in it was told; never rejects. */
  readonly closed: Promise<void>
  readonly #stream: Duplex
  readonly #onEvent: (event: QmpEvent) => void
  readonly #decoder = new StringDecoder('utf8')
  readonly #pending = new Map<number, Pending>()
  #unfinished = ''
  #nextId = 0
  #open = true
  readonly #greeted: Promise<void>
  #onGreeting: () => void = () => undefined

  /** @param onEvent is told every event, in order */
  constructor(stream: Duplex, onEvent: (event: QmpEvent) => void) {
    this.#stream = stream
    this.#onEvent = onEvent
    this.#greeted = new Promise(resolve => {
      this.#onGreeting = resolve
    })
    this.closed = new Promise(resolve => {
      stream.on('close', () => {
        this.#close()
        resolve()
      })
    })
    stream.on('data', (chunk: Buffer) => this.#receive(chunk))
    stream.on('end', () => stream.destroy())
    stream.on('error', () => stream.destroy())
  }

  /** Waits for the greeting and leaves the negotiation mode. @throws QmpClosedError */
  async negotiate(): Promise<void> {
    await Promise.race([this.#greeted, this.closed])
    await this.execute('qmp_capabilities')
  }

  /** Gives a command and waits for its result. @throws QmpError, QmpClosedError */
  execute(command: string, commandArguments?: JsonObject): Promise<JsonValue> {
    if (!this.#open) {
      return Promise.reject(closedError(command))
    }

    const answer = new Promise<JsonValue>((resolve, reject) => {
      const id = this.#nextId++
      this.#pending.set(id, {command, resolve, reject})
      this.#stream.write(`${JSON.stringify({execute: command, arguments: commandArguments, id})}\n`)
    })
    sentCommands.publish({command, answer})
    return answer
  }

  /** Messages end at `\n` and nowhere else: `node:readline` also splits at U+2028, which may stand in JSON as it is. */
  #receive(chunk: Buffer): void {
    for (const [index, piece] of this.#decoder.write(chunk).split('\n').entries()) {
      // What had arrived already behind something that is no message does not count.
      if (index > 0 && !this.#stream.destroyed) {
        this.#handle(this.#unfinished)
      }

      this.#unfinished = index > 0 ? piece : this.#unfinished + piece
    }

    if (this.#unfinished.length > messageLimit) {
      this.#stream.destroy()
    }
  }

  #handle(line: string): void {
    const message = parsed(line)
    if (message === undefined) {
      // What does not speak QMP cannot be controlled: without the connection, the machine is ended.
      this.#stream.destroy()
      return
    }

    const {QMP: greeting, event: name, data, id, error, return: result = null} = message
    if (isJsonObject(greeting)) {
      this.#onGreeting()
    } else if (typeof name === 'string') {
      receivedEvents.publish({event: name})
      this.#onEvent({name, data: isJsonObject(data) ? data : {}})
    } else if (typeof id === 'number') {
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      if (error === undefined) {
        pending?.resolve(result)
      } else {
        pending?.reject(new QmpError(`QEMU refused ${pending.command}: ${described(error)}`))
      }
    }
  }

  #close(): void {
    this.#open = false
    for (const {command, reject} of this.#pending.values()) {
      reject(closedError(command))
    }

    this.#pending.clear()
  }
}

/** A message; an empty one for what is JSON and none, undefined for what is no JSON. */
function parsed(line: string): JsonObject | undefined {
  const message = attempt((): JsonValue => JSON.parse(line))
  return message === undefined || isJsonObject(message) ? message : {}
}

function described(error: JsonValue): string {
  const description = isJsonObject(error) ? error['desc'] : undefined
  return typeof description === 'string' ? description : 'it did not say why'
}

function closedError(command: string): QmpClosedError {
  return new QmpClosedError(`QEMU closed its control connection before it answered ${command}`)
}

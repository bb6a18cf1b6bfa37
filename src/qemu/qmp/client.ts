import {channel} from 'node:diagnostics_channel'
import type {Duplex} from 'node:stream'
import type {JsonObject, JsonValue} from '../../contract/json-value.js'
import {HostError} from '../../errors/errors.js'
import {LineSplitter, type Message, parseMessage, type QmpEvent} from './messages.js'

/** Told of each command when it is sent: its name, as `command`, and the promise of its result, as `answer`. */
export const sentCommands = channel('vmrun:qmp-command')

/** Told of each event when it is received: its name, as `event`. */
export const receivedEvents = channel('vmrun:qmp-event')

/** QEMU refused a command: it is wrong, or does not fit the state that the machine is in. */
export class QmpError extends HostError {}

/** The connection to QEMU ended before it answered. */
export class QmpClosedError extends HostError {}

interface Pending {
  readonly command: string
  readonly resolve: (result: JsonValue) => void
  readonly reject: (error: Error) => void
}

/** The longest message that is taken, in bytes; QEMU's own are some kilobytes. */
const messageLimit = 16 * 1024 * 1024

/** One QMP connection over a stream of bytes. It ends with the stream. */
export class QmpClient {
  /** Settles when the stream has ended and every event in it was told; never rejects. */
  readonly closed: Promise<void>
  readonly #stream: Duplex
  readonly #onEvent: (event: QmpEvent) => void
  readonly #lines = new LineSplitter(messageLimit)
  readonly #pending = new Map<number, Pending>()
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

  #receive(chunk: Buffer): void {
    // What had arrived already behind something that is no message.
    if (this.#stream.destroyed) {
      return
    }

    for (const message of this.#messagesIn(chunk)) {
      this.#handle(message)
    }
  }

  /** One by one, so that what was said before something that is no message counts. */
  *#messagesIn(chunk: Buffer): Iterable<Message> {
    try {
      for (const line of this.#lines.push(chunk)) {
        yield parseMessage(line)
      }
    } catch {
      // What does not speak QMP cannot be controlled: without the connection, the machine is ended.
      this.#stream.destroy()
    }
  }

  #handle(message: Message): void {
    switch (message.kind) {
      case 'greeting':
        this.#onGreeting()
        break
      case 'event':
        receivedEvents.publish({event: message.event.name})
        this.#onEvent(message.event)
        break
      case 'result':
        this.#take(message.id)?.resolve(message.result)
        break
      case 'error': {
        const pending = this.#take(message.id)
        pending?.reject(new QmpError(`QEMU refused ${pending.command}: ${message.description}`))
        break
      }
      case 'unknown':
        break
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #close(): void {
    this.#open = false
    for (const {command, reject} of this.#pending.values()) {
      reject(closedError(command))
    }

    this.#pending.clear()
  }
}

function closedError(command: string): QmpClosedError {
  return new QmpClosedError(`QEMU closed its control connection before it answered ${command}`)
}

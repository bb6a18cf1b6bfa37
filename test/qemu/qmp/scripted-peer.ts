import {once} from 'node:events'
import {connect, createServer, Socket} from 'node:net'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {onTestFinished} from 'vitest'
import {temporaryDirectory} from '../../temporary-directory.js'

/** QEMU's end of a QMP connection, played by a test. */
export class ScriptedPeer {
  /** The client's end. */
  readonly stream: Socket
  readonly #socket: Socket
  readonly #lines: AsyncIterator<string>

  constructor(stream: Socket, socket: Socket) {
    this.stream = stream
    this.#socket = socket
    this.#lines = createInterface({input: socket})[Symbol.asyncIterator]()
  }

  /** The next command that the client gives, as it was sent. */
  async nextCommand(): Promise<unknown> {
    const {value} = await this.#lines.next()
    return JSON.parse(value)
  }

  send(...messages: readonly object[]): void {
    this.sendBytes(Buffer.from(messages.map(message => `${JSON.stringify(message)}\n`).join('')))
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  close(): void {
    this.#socket.end()
  }

  /** Ends the connection without a farewell. */
  destroy(): void {
    this.#socket.destroy()
  }
}

/** A connection as QEMU's is: two ends of a Unix socket. */
export async function scriptedPeer(): Promise<ScriptedPeer> {
  const path = join(await temporaryDirectory(), 'socket')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const stream = connect(path)
  const [socket] = await once(server, 'connection')
  if (!(socket instanceof Socket)) {
    throw new TypeError('no socket')
  }

  server.close()
  onTestFinished(() => {
    stream.destroy()
    socket.destroy()
  })
  return new ScriptedPeer(stream, socket)
}

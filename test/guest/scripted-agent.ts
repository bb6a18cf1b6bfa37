import {once} from 'node:events'
import {type Duplex, duplexPair} from 'node:stream'
import {GuestAgent} from '../../src/guest/agent.js'

/** What an agent sends before the answer to a sync. */
export const delimiter = Buffer.of(0xff)

/** A client, and the guest's end of its port, which a test plays. */
export class ScriptedAgent {
  readonly agent: GuestAgent
  /** The client's end. */
  readonly stream: Duplex
  /** The guest's. */
  readonly port: Duplex
  #heard = ''

  constructor() {
    const [stream, port] = duplexPair()
    this.stream = stream
    this.port = port
    this.agent = new GuestAgent(stream)
  }

  /** The next line that the client sends, its bytes as characters. */
  async nextLine(): Promise<string> {
    while (!this.#heard.includes('\n')) {
      const piece: unknown = this.port.read()
      if (Buffer.isBuffer(piece)) {
        this.#heard += piece.toString('latin1')
      } else {
        await once(this.port, 'readable')
      }
    }

    const [line = '', ...rest] = this.#heard.split('\n')
    this.#heard = rest.join('\n')
    return line
  }

  /** Waits for the client's sync, and gives what an agent answers. */
  async nextSync(): Promise<Buffer> {
    const id = /^\u00ff\{"execute":"guest-sync-delimited","arguments":\{"id":(?<id>\d+)\}\}$/u.exec(
      await this.nextLine(),
    )?.groups?.['id']
    return Buffer.concat([delimiter, Buffer.from(`{"return": ${id}}\n`)])
  }

  /** Answers the sync before a command, and waits for that. */
  async nextCommand(): Promise<unknown> {
    this.send(await this.nextSync())
    return JSON.parse(await this.nextLine())
  }

  send(said: object | Uint8Array): void {
    this.port.write(said instanceof Uint8Array ? said : `${JSON.stringify(said)}\n`)
  }
}

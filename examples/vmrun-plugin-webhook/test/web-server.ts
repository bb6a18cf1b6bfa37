import {once} from 'node:events'
import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {text} from 'node:stream/consumers'
import {onTestFinished} from 'vitest'

/** A request as it arrived. */
interface Received {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Answer = (response: ServerResponse) => void

/** Answers with a status, and perhaps with headers. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return response => response.writeHead(code, headers).end()
}

/** Hangs up. */
export const hangUp: Answer = response => response.destroy()

/** Never answers. */
export const silence: Answer = () => undefined

/** A web server until the test ends. It gives the answers one after the other, and the last one ever after. */
export async function webServer(...answers: readonly Answer[]): Promise<{
  readonly url: string
  readonly received: readonly Received[]
  readonly next: () => Promise<void>
}> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const {method, url: path, headers} = request
    received.push({method, path, headers, body: await text(request)})
    const answer = answers[Math.min(received.length, answers.length) - 1]
    answer?.(response)
    server.emit('received')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/hook?key=secret`,
    received,
    next: async () => {
      await once(server, 'received')
    },
  }
}

/** A URL at which nobody listens. */
export async function urlOfNobody(): Promise<string> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const port = portOf(server.address())
  await once(server.close(), 'close')
  return `http://127.0.0.1:${port}/hook?key=secret`
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') {
    throw new Error('the server listens at no port')
  }

  return address.port
}

import {once} from 'node:events'
import {createServer, type Server, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'

/** A port of 127.0.0.1 on which a server listens until the test is over. */
export async function servedPort(serve: (socket: Socket) => void = socket => socket.end()): Promise<number> {
  const server = createServer(serve)
  onTestFinished(() => {
    server.close()
  })
  return await listening(server)
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  server.close()
  await once(server, 'close')
  return port
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

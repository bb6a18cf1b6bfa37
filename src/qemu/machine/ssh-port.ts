import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {codeOf, HostError, messageOf} from '../../errors/errors.js'

/** What QEMU says when it cannot listen on a port (QEMU, net/slirp.c); it does not say why. */
const complaint = /Could not set up host forwarding rule/u

/** The first port that everybody may listen on: ip(7), ip_unprivileged_port_start. */
const firstUnprivileged = 1024

/**
 * Finds out why QEMU could not listen on a port of 127.0.0.1.
 *
 * @param failure why there is no machine
 * @returns undefined where QEMU did not complain of that
 */
export async function forwardingFailure(
  failure: unknown,
  port: number | undefined,
): Promise<HostError | undefined> {
  return port === undefined || !complaint.test(messageOf(failure))
    ? undefined
    : portFailure(port, await listenOnce(port))
}

/**
 * Finds out beforehand why QEMU could not listen on a port of 127.0.0.1.
 *
 * @param unprivileged whether QEMU runs as another user than root, although vmrun is root
 * @returns undefined where it could
 */
export async function portObstacle(port: number, unprivileged: boolean): Promise<HostError | undefined> {
  const cause = await listenOnce(port)
  return cause !== undefined || (unprivileged && port < (await firstForAll()))
    ? portFailure(port, cause)
    : undefined
}

async function firstForAll(): Promise<number> {
  const file = '/proc/sys/net/ipv4/ip_unprivileged_port_start'
  return Number(await readFile(file, 'utf8').catch(() => firstUnprivileged))
}

function portFailure(port: number, cause: unknown): HostError {
  const [what, hint] =
    codeOf(cause) === 'EADDRINUSE'
      ? [
          `port ${port} of 127.0.0.1 is in use by another program`,
          `See which one with: ss -ltnp 'sport = :${port}'. Or choose another port.`,
        ]
      : [
          `QEMU may not listen on port ${port} of 127.0.0.1`,
          port < firstUnprivileged
            ? `Ports below ${firstUnprivileged} are root's, and QEMU does not run as root: choose a higher one.`
            : 'Another program may have had the port for a moment: try again, or choose another one.',
        ]
  return new HostError(`ssh-port: ${what}`, {hint, cause})
}

/** @returns why this process cannot listen on the port; undefined where it can */
async function listenOnce(port: number): Promise<unknown> {
  const server = createServer()
  try {
    server.listen({port, host: '127.0.0.1', exclusive: true})
    await once(server, 'listening')
    return
  } catch (error) {
    return error
  } finally {
    server.close()
  }
}

import type {Writable} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'

/** How long whoever reads the output may take for the rest of it when all is over, in milliseconds. */
const flushLimit = 2000

/**
 * Has this process go on when nobody reads its output any more: the terminal is gone or stalls, the disk behind a
 * redirection is full.
 */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // oclif's own listener throws for all but a closed pipe, which would end the process in the middle of a run.
    stream.removeAllListeners('error')
    stream.on('error', () => undefined)
    if (stream.isTTY) {
      unblock(stream)
    }
  }
}

/** Ends this process when its output is written, or whoever reads that takes too long. */
export async function exitWhenWritten(exitCode: number): Promise<never> {
  const written = Promise.all([process.stdout, process.stderr].map(flushed))
  await Promise.race([written, sleep(flushLimit)])
  process.exit(exitCode)
}

async function flushed(stream: Writable): Promise<void> {
  if (stream.writable && stream.writableLength > 0) {
    await new Promise(resolve => {
      stream.write('', resolve)
    })
  }
}

/**
 * Node writes to a terminal without returning until everything is taken, so that Ctrl-S, or a connection that hangs,
 * would hold up the whole run, its timeout and its signals included. Node has no public way to say otherwise; the
 * terminal is opened anew by libuv, so that nobody else's descriptor changes.
 */
function unblock(stream: Writable): void {
  const handle: unknown = Reflect.get(stream, '_handle')
  if (typeof handle === 'object' && handle !== null && 'setBlocking' in handle) {
    const {setBlocking} = handle
    if (typeof setBlocking === 'function') {
      setBlocking.call(handle, false)
    }
  }
}

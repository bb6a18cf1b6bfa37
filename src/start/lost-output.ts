import {fstatSync, writeFileSync} from 'node:fs'
import type {Writable} from 'node:stream'
import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises'
import {exitCodes} from '../contract/events.js'
import {isRecord} from '../contract/json-value.js'
import {codeOf, HostError} from '../errors/errors.js'
import {whyNotWritten} from '../host/write-file.js'
import {showError} from './show-error.js'

/** How long whoever reads the output of a run may take for the rest of it when all is over, in milliseconds. */
const flushLimit = 2000

/**
 * Has this process go on when its output cannot be written, tell of it, and end as a failure whatever ends it. That a
 * reader is gone, by a closed pipe or with its terminal, is no failure: how much it wants is up to it.
 *
 * To be called again when code of oclif's was loaded, whose own listener ends the process in the middle of a command.
 */
export function watchOutput(): void {
  for (const [stream, name] of [
    [process.stdout, 'standard output'],
    [process.stderr, 'standard error'],
  ] as const) {
    stream.removeAllListeners('error')
    stream.on('error', error => {
      if (codeOf(error) !== 'EPIPE' && !stream.isTTY) {
        failForLost(name, error)
      }
    })
    writeWhole(stream)
  }
}

/**
 * Has a terminal that takes no output not hold up this process. Node writes to a terminal without returning until everything
 * is taken, so that Ctrl-S, or a connection that hangs, would hold up the whole run, its timeout and its signals included.
 * Node has no public way to say otherwise; the terminal is opened anew by libuv, so that nobody else's descriptor changes.
 */
export function unblockTerminals(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const handle: unknown = stream.isTTY ? Reflect.get(stream, '_handle') : undefined
    if (isRecord(handle) && typeof handle['setBlocking'] === 'function') {
      handle['setBlocking'](false)
    }
  }
}

/**
 * Ends this process when its output is written, although something that a plugin started may still go on.
 *
 * @param limit how long whoever reads it may take, in milliseconds; as long as it takes without it
 */
export async function leave(limit?: number): Promise<never> {
  const written = Promise.all([process.stdout, process.stderr].map(flushed))
  await (limit === undefined ? written : Promise.race([written, sleep(limit)]))
  // What could not be written is told in the next turn.
  await nextTurn()
  process.exit()
}

/** Ends the process of a run, which nobody may hold up who reads its output. */
export async function leaveRun(exitCode: number): Promise<never> {
  process.exitCode = exitCode
  return await leave(flushLimit)
}

function failForLost(name: string, error: Error): void {
  if (!process.listeners('exit').includes(endAsFailure)) {
    process.on('exit', endAsFailure)
    showError(new HostError(`cannot write to ${name}: ${whyNotWritten(error)}`, {cause: error}), false)
  }
}

/** What failed for another reason keeps its exit code. */
function endAsFailure(): void {
  process.exitCode ||= exitCodes['infra-failed']
}

async function flushed(stream: Writable): Promise<void> {
  if (stream.writable && stream.writableLength > 0) {
    await new Promise(resolve => {
      stream.write('', resolve)
    })
  }
}

/** To a file Node writes once, and takes it for everything when the disk has room for only a part. */
function writeWhole(stream: Writable & {readonly fd: number}): void {
  if (fstatSync(stream.fd).isFile()) {
    stream._write = (chunk: Uint8Array, _encoding, callback) => {
      try {
        writeFileSync(stream.fd, chunk)
        callback()
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }
}

import {constants, openSync} from 'node:fs'
import {stat} from 'node:fs/promises'
import {Socket} from 'node:net'
import type {Readable} from 'node:stream'
import {withinLimit} from '../time/within-limit.js'
import {openRegularFile} from './regular-file.js'

/** How long a file, or whoever writes to a pipe, may take, in milliseconds. */
const readLimit = 50_000

/** How much is read at once, in bytes. */
const chunkSize = 65_536

const standardInput: ReadonlySet<string> = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'])

/** As a shell names the pipe of a command, `<(…)`, and what else it opens for a program. */
const descriptor = /^\/(?:dev|proc\/self)\/fd\/\d+$/u

/** Whether a path names what this process was started with, rather than a file with a place of its own. */
export function isInherited(path: string): boolean {
  return standardInput.has(path) || descriptor.test(path)
}

/**
 * The bytes of a regular file, or of standard input (`-`), or of a pipe that this process was started with (`/dev/fd/63`).
 * Not all of them where they are more than `limit`, but more than that then. There is no other copy of them in memory: they
 * may be secret.
 *
 * @throws NotRegularFileError, an Error when it takes too long, or as the system calls fail
 */
export async function readAtMost(path: string, limit: number): Promise<Buffer> {
  if (standardInput.has(path) && process.stdin.isTTY) {
    // Whoever types may take their time.
    return await firstBytes(process.stdin, limit)
  }

  return await withinLimit(readLimit, async () => await firstBytes(await chunksOf(path), limit))
}

async function chunksOf(path: string): Promise<AsyncIterable<Buffer>> {
  if (standardInput.has(path)) {
    return process.stdin
  }

  return descriptor.test(path) && (await stat(path)).isFIFO() ? openPipe(path) : fileChunks(path)
}

/** Reads by events: a read that waits in one of Node's threads would keep the process from exiting. */
function openPipe(path: string): Readable {
  return new Socket({fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true})
}

/** A stream of Node's would keep a copy. */
async function* fileChunks(path: string): AsyncGenerator<Buffer> {
  const file = await openRegularFile(path)
  try {
    for (;;) {
      const chunk = Buffer.alloc(chunkSize)
      const {bytesRead} = await file.read(chunk)
      if (bytesRead === 0) {
        return
      }

      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function firstBytes(source: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    // Leaving the loop closes the source.
    for await (const chunk of source) {
      chunks.push(chunk)
      length += chunk.length
      if (length > limit) {
        break
      }
    }

    return Buffer.concat(chunks)
  } finally {
    for (const chunk of chunks) {
      chunk.fill(0)
    }
  }
}

import {constants, openSync, type Stats} from 'node:fs'
import {type FileHandle, open, stat} from 'node:fs/promises'
import {Socket} from 'node:net'
import {codeOf, messageOf} from '../errors/errors.js'
import {withinLimit} from '../time/timer.js'

/** How long a file system may take to open a file, in milliseconds. */
const openLimit = 30_000

/** How long a file, or whoever writes to a pipe, may take, in milliseconds. */
const readLimit = 50_000

/** How much is read at once, in bytes. */
const chunkSize = 65_536

/** Something else than a file has the name of one. The message goes on from that name: `is a pipe, not a file`. */
export class NotRegularFileError extends Error {}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist: a part of its path is not a directory'],
  ['EACCES', 'cannot be read: permission denied'],
  ['EPERM', 'cannot be read: permission denied'],
])

/** Why a file could not be read, as the rest of a sentence that begins with the file. */
export function describeReadFailure(error: unknown): string {
  if (error instanceof NotRegularFileError) {
    return error.message
  }

  const code = codeOf(error)
  return reasons.get(code) ?? `cannot be read: ${code ?? messageOf(error)}`
}

/**
 * Opens a regular file to be read. Nothing else is opened: with a device something would happen, a pipe would have to be
 * waited for, and neither has to come to an end.
 *
 * @throws NotRegularFileError, or as the system calls fail
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  return await withinLimit(openLimit, async () => {
    expectRegular(await stat(path))
    // Something else may have its name by now: that is not waited for, and does not become this process's terminal.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    try {
      expectRegular(await handle.stat())
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  })
}

function expectRegular(found: Stats): void {
  if (!found.isFile()) {
    const [kind] = [
      ...(found.isDirectory() ? ['a directory'] : []),
      ...(found.isFIFO() ? ['a pipe'] : []),
      ...(found.isSocket() ? ['a socket'] : []),
      'a device',
    ]
    throw new NotRegularFileError(`is ${kind}, not a file`)
  }
}

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

  // By events: a read that waits in one of Node's threads would keep the process from exiting.
  return descriptor.test(path) && (await stat(path)).isFIFO()
    ? new Socket({fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true})
    : fileChunks(path)
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

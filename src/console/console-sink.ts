import {constants, fstatSync, openSync} from 'node:fs'
import {open, stat} from 'node:fs/promises'
import {Socket} from 'node:net'
import type {Transform, Writable} from 'node:stream'
import {finished} from 'node:stream/promises'
import {attempt, UsageError} from '../errors/errors.js'
import {refuseInput, whyNotWritten} from '../host/write-file.js'
import {settled, waitUntil} from '../time/timer.js'
import {atMost, consoleLines, withoutCommands} from './console-filters.js'

/** Where something that a guest prints goes. */
export interface OutputSink {
  /** Nowhere without it. */
  readonly writable?: Writable
  /** Settles when everything is written, or is lost. */
  readonly close: () => Promise<void>
}

/** One of this process's standard streams. */
export type StandardStream = Writable & {readonly isTTY?: boolean; readonly fd?: number}

/** Is told, in words that end a sentence, why some of it is lost. */
type OnLost = (why: string) => void

interface SinkOptions {
  /** Of vmrun. */
  readonly environment: NodeJS.ProcessEnv
  /** The paths of what is read: the file may be none of them. */
  readonly inputs: readonly string[]
  readonly onLost: OnLost
  /** What is printed, for messages. */
  readonly what: 'console' | 'log'
  /** How much of it a file takes, in bytes. */
  readonly limit: number
}

/** How long whoever reads it may take for the rest of it, in milliseconds. */
const closeLimit = 2000

/**
 * Opens what `--console` or `--log` names.
 *
 * @param named `none`, `stdout`, or a file, which is made or appended to: a log of an earlier run is not lost
 * @param standard what `stdout` means
 * @throws UsageError when the file cannot be written
 */
export async function openOutput(
  named: string,
  standard: StandardStream,
  options: SinkOptions,
): Promise<OutputSink> {
  const {environment, onLost, limit} = options
  if (named === 'none') {
    return {close: async () => undefined}
  }

  if (named !== 'stdout') {
    const writable = await openFile(named, options)
    const tellCut = (): void => onLost(`${named} takes no more than ${limit} bytes of it (--output-limit)`)
    return writable instanceof Socket
      ? ownSink(writable, onLost)
      : filteredSink(atMost(limit, tellCut), writable, onLost, writable)
  }

  const pipe = standard.isTTY || standard.fd === undefined ? undefined : openOwnPipe(standard.fd)
  const filter = filterFor(standard, environment)
  if (filter === undefined) {
    return pipe === undefined ? sharedSink(standard, onLost) : ownSink(pipe, onLost)
  }

  // A standard stream stays open for vmrun's own output.
  return filteredSink(filter, pipe ?? standard, onLost, pipe)
}

/** @param owned where the output goes, if that is nobody else's */
function filteredSink(filter: Transform, end: Writable, onLost: OnLost, owned?: Writable): OutputSink {
  filter.pipe(end, {end: end === owned})
  end.once('error', error => filter.destroy(error))
  return ownSink(filter, onLost, owned)
}

/** What keeps a guest from acting on whoever reads a standard stream; a file is kept as it is. */
function filterFor(
  {isTTY, fd}: StandardStream,
  {GITHUB_ACTIONS: isWorkflow}: NodeJS.ProcessEnv,
): Transform | undefined {
  if (isTTY) {
    return consoleLines()
  }

  const isFile = fd !== undefined && fstatSync(fd).isFile()
  return isWorkflow && !isFile ? withoutCommands() : undefined
}

/** Opens a named pipe to be written in the background. @throws when nobody has it open for reading */
function openPipe(path: string): Writable {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  return new Socket({fd: descriptor, readable: false, writable: true})
}

/**
 * Opens the pipe behind a descriptor of this process once more. Node writes to a standard stream that is a pipe without
 * returning until everything is taken, so that a reader that stalls would stall the whole run; the same pipe opened
 * anew is written in the background, and whoever shares the descriptor notices nothing.
 *
 * @returns undefined where the descriptor is no pipe, or the system cannot open it again
 */
export function openOwnPipe(descriptor: number): Writable | undefined {
  return attempt(() => (fstatSync(descriptor).isFIFO() ? openPipe(`/proc/self/fd/${descriptor}`) : undefined))
}

async function openFile(file: string, {inputs, what}: SinkOptions): Promise<Writable> {
  try {
    if ((await stat(file).catch(() => undefined))?.isFIFO()) {
      return openPipe(file)
    }

    // Only its user may read it: a guest can print its secrets.
    const handle = await open(file, 'a', 0o600)
    await refuseInput(file, await handle.stat({bigint: true}), inputs).catch(async (error: unknown) => {
      await handle.close()
      throw error
    })
    return handle.createWriteStream()
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`cannot write the ${what} to ${file}: ${whyNotWritten(error)}`, {
          hint: 'Name a file that can be made or appended to, or a named pipe that somebody reads.',
          cause: error,
        })
  }
}

/** A sink that vmrun may write to as well. */
function sharedSink(writable: Writable, onLost: OnLost): OutputSink {
  writable.once('error', error => onLost(whyNotWritten(error)))
  return {writable, close: async () => undefined}
}

/**
 * A sink that is nobody else's. One that fails on the way is no part of how a run ends.
 *
 * @param end what is written to in the end
 */
function ownSink(writable: Writable, onLost: OnLost, end = writable): OutputSink {
  return {
    ...sharedSink(writable, onLost),
    close: async () => {
      writable.end()
      const written = settled(finished(end))
      if (await waitUntil(performance.now() + closeLimit, written)) {
        onLost('whoever reads it takes too long')
      }

      writable.destroy()
      end.destroy()
    },
  }
}

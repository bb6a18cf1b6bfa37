import {open} from 'node:fs/promises'
import type {Writable} from 'node:stream'
import {finished} from 'node:stream/promises'
import type {WriteStream} from 'node:tty'
import {UsageError} from '../errors.js'
import {printable} from '../instances/printable.js'
import {consoleLines} from './console-lines.js'

/** Where a guest's serial console goes. */
export interface ConsoleReader {
  /** Nowhere without it. */
  readonly writable?: Writable
  /** Settles when everything is written. */
  close(): Promise<void>
}

/**
 * Opens what `--console` names.
 *
 * @param named `none`, `stdout`, or a file, which is made or appended to: a log of an earlier run is not lost
 * @param standard what `stdout` means
 * @throws UsageError when the file cannot be written
 */
export async function openConsole(
  named: string,
  standard: Writable & Partial<Pick<WriteStream, 'isTTY'>>,
): Promise<ConsoleReader> {
  if (named === 'none') {
    return {close: async () => undefined}
  }

  if (named !== 'stdout') {
    return await appendTo(named)
  }

  if (!standard.isTTY) {
    return {writable: standard, close: async () => undefined}
  }

  const lines = consoleLines()
  lines.pipe(standard, {end: false})
  return {writable: lines, close: () => ended(lines)}
}

async function appendTo(file: string): Promise<ConsoleReader> {
  try {
    // Only its user may read it: a guest can print its secrets.
    const writable = (await open(file, 'a', 0o600)).createWriteStream()
    return {writable, close: () => ended(writable)}
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    throw new UsageError(`cannot write the console to ${printable(file)}: ${reason}`, {cause: error})
  }
}

/** One that failed on the way has ended as well: the console is no part of how a run ends. */
async function ended(writable: Writable): Promise<void> {
  writable.end()
  await finished(writable).catch(() => undefined)
}

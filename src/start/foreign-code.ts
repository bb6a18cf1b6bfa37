import {realpathSync, writeSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import type {Interfaces} from '@oclif/core'
import {attempt, messageOf, VmrunError} from '../errors/errors.js'
import {printable} from '../text/printable.js'
import {showStack, showTraces} from './show-error.js'

/** A plugin of somebody else's, and where it is. */
interface Origin {
  readonly name: string
  /** Its directory, as it was named and as it is really called. */
  readonly roots: readonly string[]
}

/**
 * Has this process go on when a plugin throws where nobody waits for it: in a timer of its own, or in a promise that it
 * forgot. What is vmrun's own mistake still ends it.
 *
 * @param plugins those of somebody else's
 * @param ownRoot the directory of vmrun's package
 * @param tell is given a sentence about it
 */
export function surviveStrayErrors(
  plugins: readonly Interfaces.Plugin[],
  ownRoot: string,
  tell: (text: string) => void,
): void {
  const origins = plugins.map(({name, root}) => ({name, roots: [root, realpathSync(root)]}))
  process.on('uncaughtException', (thrown: unknown) => {
    const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
    const origin = originOf(stack, origins)
    // What vmrun itself throws on purpose, a plugin has asked it for: an answer of QEMU, for one.
    if (origin === undefined && !(thrown instanceof VmrunError) && stack.includes(ownRoot)) {
      showStack(stack)
      process.exit(1)
    }

    // Where nothing tells whose it is, it can only be that of the one that there is.
    const who = origin ?? (origins.length === 1 ? origins[0] : undefined)
    tell(`${who?.name ?? 'a plugin'} failed where nobody waited for it: ${messageOf(thrown)}`)
    showTraces(thrown)
  })
}

/** The plugin whose code comes first in a stack trace. */
function originOf(stack: string, origins: readonly Origin[]): Origin | undefined {
  return filesIn(stack)
    .map(file => origins.find(({roots}) => roots.some(root => file.startsWith(`${root}/`))))
    .find(origin => origin !== undefined)
}

/** Says which file's code ends vmrun before the command has a result. To be called by what ends it. */
export function tellWhoEnds(exitCode: number): void {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = Number.POSITIVE_INFINITY
  const [own, ...files] = filesIn(new Error('who is it').stack ?? '')
  Error.stackTraceLimit = limit
  // The first that is neither Node's nor vmrun's.
  const foreign = files.find(file => file !== own)
  // Of an error that nobody caught Node has told.
  if (foreign !== undefined || exitCode === 0) {
    say(`vmrun: error: ${foreign ?? 'something'} ended vmrun before the command had a result`)
  }
}

/** A place in a file, in a line of a stack trace. */
const place = /[(\s](?<file>(?:file:\/\/)?\/[^()]+?):\d+:\d+\)?$/u

/** The files that a stack trace leads through, the last called first. */
function filesIn(stack: string): readonly string[] {
  return stack
    .split('\n')
    .flatMap(line => place.exec(line)?.groups?.['file'] ?? [])
    .map(file => (file.startsWith('file:') ? fileURLToPath(file) : file))
}

/** At once: nothing that takes its time is waited for any more. */
function say(text: string): void {
  // Where nobody reads it, so be it.
  attempt(() => writeSync(process.stderr.fd, `${printable(text)}\n`))
}

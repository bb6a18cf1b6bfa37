import type {ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import type {FileHandle} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {messageOf} from '../../errors/thrown.js'
import {childGroup, spawnApart} from '../../host/start-process.js'
import type {Command} from '../fence/confine.js'

/** What a called program knows the file as that it is given: the first descriptor after the standard ones. */
export const givenFile = '/dev/fd/3'

/** How long is waited for what a program said when others that it started still could, in milliseconds. */
const stderrLimit = 500

/** How long a program that was killed is waited for, in milliseconds: one that the kernel does not end never goes. */
const deathLimit = 5000

const lastNewline = /\n$/u

export interface Call {
  readonly command: Command
  /** The file that the program has open as `givenFile`. */
  readonly file: FileHandle
  /** Kills the program. */
  readonly signal: AbortSignal
  /** How long it may take, in milliseconds; for ever without it. */
  readonly limit?: number
  /** What it says when nothing more is to be expected of it: then it is killed. */
  readonly lastWords?: RegExp
}

/** How a called program ended. */
export interface CallEnd {
  readonly exitCode: number | undefined
  readonly timedOut: boolean
  /** All that it said, without the last newline. */
  readonly stderr: string
  /** The failure in a sentence, when there was one. */
  readonly failure: string | undefined
  /** Why it could not be started. */
  readonly cause: unknown
}

/**
 * Runs one of QEMU's programs to its end, and kills what is left then of all that it started. It never rejects for how
 * the program ends.
 */
export async function callProgram(call: Call): Promise<CallEnd> {
  const [program] = call.command
  try {
    const child = spawnApart(call.command, ['ignore', 'ignore', 'pipe', call.file.fd])
    await once(child, 'spawn')
    return await endOf(child, call)
  } catch (error) {
    const failure = `cannot start ${program}: ${messageOf(error)}`
    return {exitCode: undefined, timedOut: false, stderr: '', failure, cause: error}
  }
}

async function endOf(child: ChildProcess, {command, signal, limit, lastWords}: Call): Promise<CallEnd> {
  const killGroup = childGroup(child)
  const killed = new AbortController()
  // Whatever it was about to make is thrown away.
  const kill = (): void => {
    killGroup()
    killed.abort()
  }
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (lastWords?.test(said)) {
      kill()
    }
  })
  let timedOut = false
  const timer =
    limit === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true
          kill()
        }, limit)
  signal.addEventListener('abort', kill)
  if (signal.aborted) {
    kill()
  }

  const isGone = await goneOrGivenUp(child, killed.signal)
  clearTimeout(timer)
  signal.removeEventListener('abort', kill)
  killGroup()
  return {
    exitCode: child.exitCode ?? undefined,
    timedOut,
    stderr: said.replace(lastNewline, ''),
    failure: child.exitCode === 0 ? undefined : `${command[0]} ${isGone ? endText(child) : 'does not die'}`,
    cause: undefined,
  }
}

/** Waits for the end of a child, and of what it says. @returns false when it was killed and does not die */
async function goneOrGivenUp(child: ChildProcess, killed: AbortSignal): Promise<boolean> {
  const over = new AbortController()
  const after = (milliseconds: number): Promise<false> =>
    sleep(milliseconds, false as const, {signal: over.signal}).catch(() => false)
  const closed = once(child, 'close').then(() => true)
  const exited = once(child, 'exit')
    .then(() => Promise.race([closed, after(stderrLimit)]))
    .then(() => true)
  const stays = new Promise<false>(resolve => {
    const giveUp = (): void => resolve(after(deathLimit))
    killed.addEventListener('abort', giveUp)
    if (killed.aborted) {
      giveUp()
    }
  })
  try {
    return await Promise.race([exited, stays])
  } finally {
    over.abort()
    child.stderr?.destroy()
    child.unref()
  }
}

function endText({exitCode, signalCode}: ChildProcess): string {
  return signalCode === null ? `ended with exit code ${exitCode}` : `was ended by ${signalCode}`
}

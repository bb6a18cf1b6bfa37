import type {FileHandle} from 'node:fs/promises'
import type {Command} from '../confinement/confine.js'
import {bareEnvironment} from '../confinement/environment.js'

/** What a called program knows the file as that it is given: the first descriptor after the standard ones. */
export const givenFile = '/dev/fd/3'

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

/** Runs one of QEMU's programs to its end. It never rejects for how the program ends. */
export async function callProgram({command, file, signal, limit, lastWords}: Call): Promise<CallEnd> {
  const {execa} = await import('execa')
  const [program, ...programArguments] = command
  const called = execa(program, programArguments, {
    reject: false,
    ...(limit !== undefined && {timeout: limit}),
    // Whatever it was about to make is thrown away.
    killSignal: 'SIGKILL',
    cancelSignal: signal,
    // @ts-expect-error execa hands any descriptor on to Node, but its types end at 9
    stdio: ['ignore', 'ignore', 'pipe', file.fd],
    extendEnv: false,
    env: bareEnvironment(),
  })
  let said = ''
  called.stderr?.on('data', chunk => {
    said += chunk
    if (lastWords?.test(said)) {
      called.kill()
    }
  })
  const {exitCode, timedOut, stderr, failed, shortMessage, cause} = await called
  return {
    exitCode,
    timedOut,
    stderr: typeof stderr === 'string' ? stderr : '',
    failure: failed ? shortMessage : undefined,
    cause,
  }
}

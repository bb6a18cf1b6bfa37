import {bareEnvironment} from '../../host/environment.js'
import type {Command} from '../fence/confine.js'

/** How long a program may take that only prints something, in milliseconds. */
const limit = 10_000

/** What a program printed that was asked for something. */
export interface Answer {
  readonly stdout: string
  /** Why it is none, in a line; undefined where the program ended well. */
  readonly failure: string | undefined
}

/** Runs a program that prints something and ends, such as with `--version`. It never rejects for how the program ends. */
export async function askProgram([program, ...options]: Command, signal?: AbortSignal): Promise<Answer> {
  const {execa} = await import('execa')
  const {stdout, stderr, failed, shortMessage} = await execa(program, options, {
    reject: false,
    timeout: limit,
    killSignal: 'SIGKILL',
    ...(signal && {cancelSignal: signal}),
    stdin: 'ignore',
    // QEMU looks for firmware where it is called first.
    cwd: '/',
    extendEnv: false,
    env: {...bareEnvironment(), LC_ALL: 'C'},
  })
  const complaint = stderr.split('\n').find(line => line.trim() !== '')
  return {stdout, failure: failed ? (complaint?.trim() ?? shortMessage) : undefined}
}

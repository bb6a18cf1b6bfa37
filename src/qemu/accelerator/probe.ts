import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {AcceleratorProbe} from '../../architectures/architecture.js'
import {baseArguments} from '../command-line.js'
import {bareEnvironment} from '../environment.js'

/** How long the probe may take, in milliseconds; a sound accelerator needs a fiftieth of it. */
const probeLimit = 1000

/** What QEMU says when the accelerator itself cannot run the guest's code. */
const unsoundness = /internal error/iu

/** What a probe found. */
export type ProbeResult =
  | {readonly sound: true}
  /** `certain`: the accelerator is to blame, and not the host's load, its memory or a program in its way. */
  | {readonly sound: false; readonly reason: string; readonly certain: boolean}

export interface ProbeOptions {
  readonly program: string
  readonly accelerator: string
  readonly cpu: string
  readonly probe: AcceleratorProbe
  /** An existing directory for the probe's firmware. */
  readonly directory: string
  readonly signal: AbortSignal
  /** How long it may take, in milliseconds. */
  readonly limit?: number
}

/** Runs a few instructions on an accelerator and looks whether they do what they should. It takes a second at most. */
export async function probeAccelerator(options: ProbeOptions): Promise<ProbeResult> {
  const {program, accelerator, cpu, probe, directory, signal, limit = probeLimit} = options
  const firmware = path.join(directory, 'probe.bin')
  const [{execa}] = await Promise.all([import('execa'), writeFile(firmware, probe.firmware(), {mode: 0o600})])
  const {exitCode, timedOut, stderr, isCanceled} = await execa(
    program,
    [...baseArguments(), '-accel', accelerator, '-cpu', cpu, ...probe.arguments, '-bios', firmware],
    {
      reject: false,
      timeout: limit,
      killSignal: 'SIGKILL',
      cancelSignal: signal,
      stdin: 'ignore',
      extendEnv: false,
      env: bareEnvironment(),
    },
  )
  signal.throwIfAborted()
  if (exitCode === probe.exitCode && !isCanceled) {
    return {sound: true}
  }

  return {sound: false, reason: reasonOf(stderr, timedOut), certain: unsoundness.test(stderr)}
}

function reasonOf(stderr: string, timedOut: boolean): string {
  const complaint = stderr.split('\n').find(line => line.trim() !== '' && !line.includes('warning:'))
  return complaint?.trim() ?? (timedOut ? 'it hangs' : 'it ended without a word')
}

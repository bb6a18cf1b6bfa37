import type {FileHandle} from 'node:fs/promises'
import type {AcceleratorProbe} from '../../contract/architecture.js'
import {HostError} from '../../errors/errors.js'
import {messageOf} from '../../errors/thrown.js'
import {resourceHint} from '../../host/resource-hint.js'
import type {UnnamedFile} from '../../host/unnamed-file.js'
import {otherWorkDirectory} from '../../host/work-directory.js'
import {baseArguments} from '../command/arguments.js'
import type {Confine} from '../fence/confine.js'
import {callProgram, givenFile} from '../programs/call-program.js'

/**
 * How long the probe may take, in milliseconds. A sound accelerator needs 20 of them, but a slow host may need seconds to
 * start QEMU for the first time. Most of those that are not sound say so at once.
 */
const probeLimit = 10_000

/** What QEMU says when the accelerator itself cannot run the guest's code. */
const unsoundness = /internal error/iu

/** The line in which it does: QEMU then stays, and does nothing any more. */
const lastWords = /internal error.*\n/iu

/** What a probe found. */
export type ProbeResult = {
  /** How long it took, in milliseconds. */
  readonly milliseconds: number
} & (
  | {readonly sound: true}
  /** `certain`: the accelerator is to blame, and not the host's load, its memory or a program in its way. */
  | {readonly sound: false; readonly reason: string; readonly certain: boolean}
)

/** How a probe is run. */
export interface Probing {
  readonly confine: Confine
  /** Makes a file for the probe's firmware. */
  readonly makeFile: () => Promise<UnnamedFile>
  readonly signal: AbortSignal
}

export interface ProbeOptions extends Probing {
  readonly program: string
  readonly accelerator: string
  readonly cpu: string
  readonly probe: AcceleratorProbe
  /** How long it may take, in milliseconds. */
  readonly limit?: number
}

/**
 * Runs a few instructions on an accelerator and looks whether they do what they should. It takes ten seconds at most.
 *
 * @throws HostError when the file for them cannot be made
 */
export async function probeAccelerator(options: ProbeOptions): Promise<ProbeResult> {
  const {program, accelerator, cpu, probe, confine, signal, limit = probeLimit} = options
  const file = await firmwareFile(options)
  const command = confine([
    program,
    ...baseArguments(),
    ...['-accel', accelerator, '-cpu', cpu],
    ...probe.arguments,
    ...['-bios', givenFile],
  ])
  const since = performance.now()
  const {exitCode, timedOut, stderr} = await callProgram({command, file, signal, limit, lastWords}).finally(
    () => file.close(),
  )
  const milliseconds = Math.round(performance.now() - since)
  signal.throwIfAborted()
  if (exitCode === probe.exitCode) {
    return {sound: true, milliseconds}
  }

  return {sound: false, reason: reasonOf(stderr, timedOut), certain: unsoundness.test(stderr), milliseconds}
}

/** @throws HostError when it cannot be written */
async function firmwareFile({makeFile, probe}: ProbeOptions): Promise<FileHandle> {
  const {writable, readOnly} = await makeFile()
  try {
    await writable.appendFile(probe.firmware())
    // QEMU opens it anew, and may be another user.
    await writable.chmod(0o644)
    await writable.close()
    return readOnly
  } catch (error) {
    await Promise.all([writable.close(), readOnly.close()])
    throw new HostError(`cannot write a file to measure an accelerator with: ${messageOf(error)}`, {
      hint: resourceHint(error, otherWorkDirectory),
      cause: error,
    })
  }
}

function reasonOf(stderr: string, timedOut: boolean): string {
  const complaint = stderr.split('\n').find(line => line.trim() !== '' && !line.includes('warning:'))
  return complaint?.trim() ?? (timedOut ? 'it hangs' : 'it ended without a word')
}

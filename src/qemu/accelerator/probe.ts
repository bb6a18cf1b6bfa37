import {once} from 'node:events'
import type {FileHandle} from 'node:fs/promises'
import type {AcceleratorProbe} from '../../contract/architecture.js'
import {failedCall} from '../../host/resource-hint.js'
import {childGroup, startProcess} from '../../host/start-process.js'
import {otherWorkDirectory, type UnnamedFile} from '../../host/work-directory.js'
import {settled, waitUntil} from '../../time/timer.js'
import {baseArguments} from '../command/arguments.js'
import type {Command, Confine} from '../fence/confine.js'

/**
 * How long the probe may take, in milliseconds. A sound accelerator needs 20 of them, but a slow host may need seconds to
 * start QEMU for the first time. Most of those that are not sound say so at once.
 */
const probeLimit = 10_000

/** How long a QEMU that was killed is waited for, in milliseconds: one that the kernel does not end never goes. */
const deathLimit = 5000

/** What QEMU has the probe's firmware as: the first descriptor after the standard ones. */
const givenFile = '/dev/fd/3'

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
 * @throws HostError when the file for them cannot be made, or QEMU cannot be started
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
  const {exitCode, stderr, timedOut} = await runFirmware(command, file, {signal, limit}).finally(() =>
    file.close(),
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
    throw failedCall('cannot write a file to measure an accelerator with', error, otherWorkDirectory)
  }
}

interface FirmwareEnd {
  /** Null where QEMU was killed. */
  readonly exitCode: number | null
  readonly stderr: string
  readonly timedOut: boolean
}

/** Has QEMU run the firmware in a file, to its end or until its time is up. @throws HostError when it cannot be started */
async function runFirmware(
  command: Command,
  {fd}: FileHandle,
  {signal, limit}: {readonly signal: AbortSignal; readonly limit: number},
): Promise<FirmwareEnd> {
  signal.throwIfAborted()
  const child = await startProcess(command, ['ignore', 'ignore', 'pipe', fd], `cannot start ${command[0]}`)
  const kill = childGroup(child)
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    if (lastWords.test(stderr)) {
      kill()
    }
  })
  const ended = settled(once(child, 'close'))
  const timedOut = await waitUntil(performance.now() + limit, AbortSignal.any([signal, ended]))
  kill()
  await waitUntil(performance.now() + deathLimit, ended)
  child.stderr?.destroy()
  child.unref()
  return {exitCode: child.exitCode, stderr, timedOut}
}

function reasonOf(stderr: string, timedOut: boolean): string {
  const complaint = stderr.split('\n').find(line => line.trim() !== '' && !line.includes('warning:'))
  return complaint?.trim() ?? (timedOut ? 'it hangs' : 'it ended without a word')
}

import type {MachineEnd} from '../../contract/machine.js'
import {HostError} from '../../errors/errors.js'
import {otherWorkDirectory} from '../../host/work-directory.js'
import {overlayNode} from '../command/arguments.js'
import type {QmpEvent} from '../qmp/client.js'
import type {OomKills} from './oom-kills.js'

/** How QEMU's process ended. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last of what it printed. */
  readonly stderr: string
  /** What the kernel has killed meanwhile because memory ran out, where the host tells. */
  readonly oomKills?: OomKills | undefined
}

function failed(message: string | readonly string[], hint?: string): MachineEnd {
  return {how: 'failed', error: new HostError(message, {hint})}
}

/** What an event says of the end of the machine; undefined for one that does not end it. */
export function endByEvent(event: QmpEvent): MachineEnd | undefined {
  switch (event.name) {
    case 'SHUTDOWN':
      return endByShutdown(event)
    case 'GUEST_PANICKED':
      // QEMU can be told to let such a guest go on.
      return event.data['action'] === 'run' ? undefined : {how: 'crashed', what: 'panicked'}
    case 'BLOCK_IO_ERROR':
      return endByDiskError(event)
    case 'BLOCK_IMAGE_CORRUPTED':
      return endByCorruptImage(event)
    default:
      return
  }
}

/**
 * What a SHUTDOWN event says of the end (QEMU QMP Reference Manual, ShutdownCause). QEMU's exit code says nothing: it
 * is 0 in nearly every case.
 */
function endByShutdown({data: {reason}}: QmpEvent): MachineEnd {
  switch (reason) {
    case 'guest-shutdown':
      return {how: 'powered-off'}
    case 'guest-panic':
      return {how: 'crashed', what: 'panicked'}
    case 'guest-reset':
    case 'subsystem-reset':
      return {how: 'crashed', what: 'was reset'}
    case 'host-qmp-quit':
      return {how: 'stopped'}
    case 'host-signal':
      return failed('QEMU was told to end by a signal that did not come from vmrun')
    default:
      return failed(`QEMU ended the machine by itself (${reason})`)
  }
}

/** What it means that QEMU closed its control connection and went on. */
export function endByLostConnection(): MachineEnd {
  return failed('QEMU closed its control connection, and had to be killed')
}

/** QEMU, hw/core/machine-smp.c; the same from 6.2 to 10.0. */
const tooManyCores = /Invalid SMP CPUs \d+\. The max CPUs supported by machine '[^']*' is (?<most>\d+)/u

/** What the process's own end says, where no event told of it. */
export function endByExit({code, signal, stderr, oomKills}: ProcessExit): MachineEnd {
  if (signal === 'SIGKILL') {
    return endByKill(oomKills, stderr)
  }

  const {most} = tooManyCores.exec(stderr)?.groups ?? {}
  if (most !== undefined) {
    return failed(
      `the machine has at most ${most} CPU cores with this QEMU: the instance wants more`,
      `Set its "cpu-cores" to ${most} or less.`,
    )
  }

  return failed(
    withSaid(`QEMU ${signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`}`, stderr),
  )
}

/**
 * Says who may have killed QEMU by SIGKILL. The kernel tells how many processes it has killed, and not which: it is
 * only when they were of QEMU's own control group that QEMU is likely to be one of them.
 */
function endByKill(oomKills: OomKills | undefined, stderr: string): MachineEnd {
  const message = 'QEMU was killed by SIGKILL'
  if (oomKills === undefined) {
    return failed(
      withSaid(message, stderr),
      'When memory runs out the kernel kills the largest process: see its log.',
    )
  }

  const {count, group} = oomKills
  const where = group === undefined ? 'on this host' : `of its control group, ${group},`
  if (count === 0) {
    return failed(
      withSaid(message, stderr),
      `The kernel has killed no process ${where} for want of memory meanwhile. A program that watches over memory, ` +
        "such as systemd-oomd, may have: see the host's journal.",
    )
  }

  const counted = `killed ${count === 1 ? 'one process' : `${count} processes`} ${where}`
  return group === undefined
    ? failed(
        withSaid(message, stderr),
        `Perhaps by the kernel, which has ${counted} meanwhile because memory ran out: dmesg names them.`,
      )
    : failed(
        withSaid(`${message}, probably by the kernel, because memory ran out`, stderr),
        'Give the instance less "ram", run fewer at a time, or raise the limit of the control group (MemoryMax= in a ' +
          `systemd unit). The kernel has ${counted} meanwhile: dmesg names them.`,
      )
}

/** A sentence about a program, and below it the last that it printed. */
function withSaid(sentence: string, stderr: string): readonly string[] {
  const said = stderr.trim()
  return said === '' ? [sentence] : [`${sentence}:`, ...said.split('\n')]
}

/** What to do about a failed disk, by what strerror(3) says of it, as QEMU's own language is C's. */
const diskHints: ReadonlyMap<string, string> = new Map([
  [
    'File too large',
    'vmrun may write no larger files: raise its limit (ulimit -f, or LimitFSIZE= in a systemd unit).',
  ],
  ['Disk quota exceeded', `The disk quota is used up: free some, or ${otherWorkDirectory}.`],
])

/** What a BLOCK_IO_ERROR event means that paused the guest; undefined for one that the guest was told of. */
function endByDiskError({data: {action, nospace, operation, reason}}: QmpEvent): MachineEnd | undefined {
  if (action !== 'stop') {
    return
  }

  return nospace === true
    ? failed('no space is left for what the guest writes to its disk', `Free some, or ${otherWorkDirectory}.`)
    : failed(
        `the guest's disk failed on a ${operation}: ${reason}`,
        diskHints.get(String(reason)) ??
          'The disk of the work directory or that of the image is at fault: see the log of the kernel (dmesg).',
      )
}

/**
 * What a BLOCK_IMAGE_CORRUPTED event means; undefined where the guest did not notice. To QEMU nothing is fatal that
 * befalls an image which it does not write to: the guest is told that its disk cannot be read, and goes on.
 */
function endByCorruptImage({data: {fatal, msg, 'node-name': node}}: QmpEvent): MachineEnd | undefined {
  if (node !== overlayNode) {
    return failed(
      `the base image is corrupt: ${msg}`,
      'Copy or download the image again, or repair a copy of it: qemu-img check -f qcow2 -r all COPY. ' +
        'Files that "backing-files" allows are checked in the same way.',
    )
  }

  return fatal === true
    ? failed(
        `the overlay on the base image is corrupt: ${msg}`,
        'The overlay is new in every run, and the base image can be checked with qemu-img check. When it happens again, ' +
          'look at the memory of the host, and at the disk of its work directory.',
      )
    : undefined
}

/** What the run state means in which a guest was stopped unasked; undefined where it goes on or another event tells. */
export function endByStatus(status: string): MachineEnd | undefined {
  return status === 'internal-error'
    ? failed(
        'the accelerator failed: QEMU stopped the guest with an internal error',
        'Set "accelerator": "tcg" for this instance: slower, but it works on every host.',
      )
    : undefined
}

import type {MachineEnd} from '../../contract/machine.js'
import {HostError} from '../../errors/errors.js'
import {otherWorkDirectory} from '../../host/work-directory.js'
import type {QmpEvent} from '../qmp/messages.js'
import {overlayNode} from './block-nodes.js'
import {killed, withSaid} from './killed.js'
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

/**
 * What a SHUTDOWN event says of the end (QEMU QMP Reference Manual, ShutdownCause). QEMU's exit code says nothing: it
 * is 0 in nearly every case.
 */
export function endByShutdown({data}: QmpEvent): MachineEnd {
  const {reason} = data
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
      return {
        how: 'failed',
        error: new HostError('QEMU was told to end by a signal that did not come from vmrun'),
      }
    default:
      return {how: 'failed', error: new HostError(`QEMU ended the machine by itself (${reason})`)}
  }
}

/** What a GUEST_PANICKED event says; undefined where QEMU lets such a guest go on. */
export function endByPanic({data}: QmpEvent): MachineEnd | undefined {
  return data['action'] === 'run' ? undefined : {how: 'crashed', what: 'panicked'}
}

/** What it means that QEMU closed its control connection and went on. */
export function endByLostConnection(): MachineEnd {
  return {
    how: 'failed',
    error: new HostError('QEMU closed its control connection, and had to be killed'),
  }
}

/** QEMU, hw/core/machine-smp.c; the same from 6.2 to 10.0. */
const tooManyCores = /Invalid SMP CPUs \d+\. The max CPUs supported by machine '[^']*' is (?<most>\d+)/u

/** What the process's own end says, where no event told of it. */
export function endByExit({code, signal, stderr, oomKills}: ProcessExit): MachineEnd {
  if (signal === 'SIGKILL') {
    return {how: 'failed', error: killed(oomKills, stderr)}
  }

  const {most} = tooManyCores.exec(stderr)?.groups ?? {}
  if (most !== undefined) {
    const error = new HostError(
      `the machine has at most ${most} CPU cores with this QEMU: the instance wants more`,
      {
        hint: `Set its "cpu-cores" to ${most} or less.`,
      },
    )
    return {how: 'failed', error}
  }

  const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`
  return {how: 'failed', error: new HostError(withSaid(`QEMU ${how}`, stderr))}
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
export function endByDiskError({data}: QmpEvent): MachineEnd | undefined {
  const {action, nospace, operation, reason} = data
  if (action !== 'stop') {
    return
  }

  return {
    how: 'failed',
    error:
      nospace === true
        ? new HostError('no space is left for what the guest writes to its disk', {
            hint: `Free some, or ${otherWorkDirectory}.`,
          })
        : new HostError(`the guest's disk failed on a ${operation}: ${reason}`, {
            hint:
              diskHints.get(String(reason)) ??
              'The disk of the work directory or that of the image is at fault: see the log of the kernel (dmesg).',
          }),
  }
}

/**
 * What a BLOCK_IMAGE_CORRUPTED event means; undefined where the guest did not notice. To QEMU nothing is fatal that
 * befalls an image which it does not write to: the guest is told that its disk cannot be read, and goes on.
 */
export function endByCorruptImage({data}: QmpEvent): MachineEnd | undefined {
  const {fatal, msg, 'node-name': node} = data
  if (node !== overlayNode) {
    const hint =
      'Copy or download the image again, or repair a copy of it: qemu-img check -f qcow2 -r all COPY. ' +
      'Files that "backing-files" allows are checked in the same way.'
    return {how: 'failed', error: new HostError(`the base image is corrupt: ${msg}`, {hint})}
  }

  const hint =
    'The overlay is new in every run, and the base image can be checked with qemu-img check. When it happens again, ' +
    'look at the memory of the host, and at the disk of its work directory.'
  return fatal === true
    ? {how: 'failed', error: new HostError(`the overlay on the base image is corrupt: ${msg}`, {hint})}
    : undefined
}

/** What the run state means in which a guest was stopped unasked; undefined where it goes on or another event tells. */
export function endByStatus(status: string): MachineEnd | undefined {
  return status === 'internal-error'
    ? {
        how: 'failed',
        error: new HostError('the accelerator failed: QEMU stopped the guest with an internal error', {
          hint: 'Set "accelerator": "tcg" for this instance: slower, but it works on every host.',
        }),
      }
    : undefined
}

import type {Rung} from '../contract/events.js'
import type {Machine} from '../contract/machine.js'
import {HostError} from '../errors/errors.js'
import {settled} from '../time/settled.js'
import {waitUntil} from '../time/timer.js'

/**
 * How often the power button is pressed within the grace period, in milliseconds. A guest that is still booting when
 * it is pressed for the first time has no driver for it yet and would never know.
 */
const pressInterval = 5000

/** How long a process may take to be gone once it was killed, in milliseconds. */
const killLimit = 10_000

/** How long QEMU may take to end by itself once it was told to, in milliseconds. */
const quitLimit = 5000

export interface ShutDownOptions {
  readonly graceSeconds: number
  /** Skips to the end of the ladder. */
  readonly forceSignal: AbortSignal
  readonly onRung: (rung: Rung) => void
}

/** Takes a machine down the ladder: power button, then, after the grace period, `quit`, then SIGKILL. */
export async function shutDown(
  machine: Machine,
  {graceSeconds, forceSignal, onRung}: ShutDownOptions,
): Promise<void> {
  const ended = settled(machine.ended)
  // One that has ended already is left alone.
  await Promise.race([machine.ended, Promise.resolve()])
  const wait = AbortSignal.any([ended, forceSignal])

  if (graceSeconds > 0 && !wait.aborted) {
    onRung('powerdown')
    await pressUntil(performance.now() + graceSeconds * 1000, machine, wait)
  }

  if (!wait.aborted) {
    onRung('quit')
    machine.quit().catch(() => undefined)
    await waitUntil(performance.now() + quitLimit, wait)
  }

  if (!ended.aborted) {
    onRung('kill')
    machine.kill()
    if (await waitUntil(performance.now() + killLimit, ended)) {
      throw new HostError(`process ${machine.pid} does not die`, {
        hint: 'The kernel may be waiting for a disk or a network file system: see its state with ps.',
      })
    }
  }
}

async function pressUntil(graceEnd: number, machine: Machine, wait: AbortSignal): Promise<void> {
  while (!wait.aborted && performance.now() < graceEnd) {
    machine.powerDown().catch(() => undefined)
    await waitUntil(Math.min(performance.now() + pressInterval, graceEnd), wait)
  }
}

import type {Rung, StopCause} from '../contract/events.js'
import type {Machine} from '../contract/machine.js'
import type {Run} from '../contract/run.js'
import {HostError} from '../errors/errors.js'
import {settled, waitUntil} from '../time/timer.js'

/**
 * How often the power button is pressed within the grace period, in milliseconds. A guest that is still booting when
 * it is pressed for the first time has no driver for it yet and would never know.
 */
const pressInterval = 5000

/** How long QEMU may take to end by itself once it was told to, in milliseconds. */
const quitLimit = 5000

/** How long a process may take to be gone once it was killed, in milliseconds. */
const killLimit = 10_000

/**
 * Takes a machine down the ladder: power button, then, after the grace period, `quit`, then SIGKILL. A second request skips
 * to its end.
 *
 * @returns the rung on which the machine ended, if it was still there
 */
export async function shutDown(run: Run, machine: Machine, cause: StopCause): Promise<Rung | undefined> {
  const graceSeconds = run.architecture.powerButton === false ? 0 : run.instance['grace-seconds']
  let last: Rung | undefined
  const enter = (rung: Rung): void => {
    last = rung
    run.emit({type: 'shutting-down', cause, rung, graceSeconds})
  }
  const ended = settled(machine.ended)
  // One that has ended already is left alone.
  await Promise.race([machine.ended, Promise.resolve()])
  const wait = AbortSignal.any([ended, run.stop.forceSignal])

  if (graceSeconds > 0 && !wait.aborted) {
    enter('powerdown')
    await pressUntil(performance.now() + graceSeconds * 1000, machine, wait)
  }

  if (!wait.aborted) {
    enter('quit')
    machine.quit().catch(() => undefined)
    await waitUntil(performance.now() + quitLimit, wait)
  }

  if (!ended.aborted) {
    enter('kill')
    machine.kill()
    if (await waitUntil(performance.now() + killLimit, ended)) {
      throw new HostError(`process ${machine.pid} does not die`, {
        hint: 'The kernel may be waiting for a disk or a network file system: see its state with ps.',
      })
    }
  }

  return last
}

async function pressUntil(graceEnd: number, machine: Machine, wait: AbortSignal): Promise<void> {
  while (!wait.aborted && performance.now() < graceEnd) {
    machine.powerDown().catch(() => undefined)
    await waitUntil(Math.min(performance.now() + pressInterval, graceEnd), wait)
  }
}

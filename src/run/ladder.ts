import type {Rung, ShutdownCause} from '../contract/events.js'
import type {RunningMachine} from '../contract/machine.js'
import type {Run} from '../contract/run.js'
import {HostError} from '../errors/errors.js'
import {settled, waitUntil} from '../time/timer.js'

/**
 * How often the guest is asked within the grace period, in milliseconds. One that is still booting when it is asked for the
 * first time has no driver for its power button yet and would never know.
 */
const askInterval = 5000

/** How long QEMU may take to end by itself once it was told to, in milliseconds. */
const quitLimit = 5000

/** How long a process may take to be gone once it was killed, in milliseconds. */
const killLimit = 10_000

/**
 * Takes a machine down the ladder: power button, or the guest's agent where there is none, then, after the grace period, `quit`,
 * then SIGKILL. A second request skips to its end.
 *
 * @returns the rung on which the machine ended, if it was still there
 */
export async function shutDown(
  run: Run,
  {machine, ports}: RunningMachine,
  cause: ShutdownCause,
): Promise<Rung | undefined> {
  const hasButton = run.architecture.powerButton !== false
  const ask = hasButton ? () => machine.powerDown() : ports?.shutDown
  const graceSeconds = ask === undefined ? 0 : run.instance['grace-seconds']
  // Where nobody has asked the run to stop, the first who does is in a hurry.
  const atOnce = run.stop.cause === undefined ? run.stop.signal : run.stop.forceSignal
  let last: Rung | undefined
  const enter = (rung: Rung): void => {
    last = rung
    run.emit({type: 'shutting-down', cause, rung, graceSeconds})
  }
  const ended = settled(machine.ended)
  // One that has ended already is left alone.
  await Promise.race([machine.ended, Promise.resolve()])
  const wait = AbortSignal.any([ended, atOnce])

  if (!wait.aborted) {
    ports?.tell('drain')
  }

  if (ask !== undefined && graceSeconds > 0 && !wait.aborted) {
    enter(hasButton ? 'powerdown' : 'agent')
    await askUntil(performance.now() + graceSeconds * 1000, ask, wait)
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

async function askUntil(graceEnd: number, ask: () => Promise<void>, wait: AbortSignal): Promise<void> {
  while (!wait.aborted && performance.now() < graceEnd) {
    ask().catch(() => undefined)
    await waitUntil(Math.min(performance.now() + askInterval, graceEnd), wait)
  }
}

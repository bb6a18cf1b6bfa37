import type {Rung} from '../../contract/events.js'
import type {Machine, MachineEnd, RunningMachine} from '../../contract/machine.js'
import type {Run} from '../../contract/run.js'
import type {StopCause} from '../../contract/verdict.js'
import {GuestError, HostError} from '../../errors/errors.js'
import {durationText} from '../../text/duration.js'
import {settled, waitUntil} from '../../time/timer.js'
import type {StepWork} from '../pipeline.js'

/** How long before the deadline it is announced, in seconds; shorter runs are told nothing. */
const nearSeconds = 60

/**
 * How often the power button is pressed within the grace period, in milliseconds. A guest that is still booting when
 * it is pressed for the first time has no driver for it yet and would never know.
 */
const pressInterval = 5000

/** How long QEMU may take to end by itself once it was told to, in milliseconds. */
const quitLimit = 5000

/** How long a process may take to be gone once it was killed, in milliseconds. */
const killLimit = 10_000

/** Watches over the machine until the guest is done, its time is up, or the run is asked to stop. */
export const timeoutWatchStep: StepWork = {
  plan: async ({instance: {'timeout-seconds': timeout, 'grace-seconds': grace}, architecture}) => ({
    title:
      `Guest: runs for up to ${durationText(timeout)}, then ` +
      (architecture.powerButton === false
        ? 'is ended, as its machine has no power button'
        : `has ${durationText(grace)} to shut down after its power button is pressed`),
    commands: [],
  }),
  run: async run => {
    const {running} = run
    if (running === undefined) {
      throw new HostError('there is no machine to watch: the step before this one started none')
    }

    const {machine, accelerator, since} = running
    const {'ssh-port': sshPort, 'timeout-seconds': timeoutSeconds} = run.instance
    run.emit({
      type: 'machine-running',
      pid: machine.pid,
      accelerator,
      timeoutSeconds,
      ...(sshPort !== undefined && {sshPort}),
    })
    await untilDeadline(run, running)
    const {cause} = run.stop
    const lastRung = cause === undefined ? undefined : await shutDown(run, running, cause)
    const end = await machine.ended
    if (end.how === 'failed') {
      throw end.error
    }

    if (run.stop.cause === undefined) {
      await run.checkHeld()
      if (end.how === 'crashed') {
        throw new GuestError(`the guest ${end.what}`)
      }
    }

    const ran = durationText((performance.now() - since) / 1000)
    return `Guest: ${howItEnded(end, lastRung)} after ${ran}`
  },
}

/** Waits until the machine is gone or the run is to stop, which it asks for itself when the time is up. */
async function untilDeadline(run: Run, {machine, since}: RunningMachine): Promise<void> {
  const timeout = run.instance['timeout-seconds']
  const wait = AbortSignal.any([settled(machine.ended), run.stop.signal])

  const deadline = since + timeout * 1000
  if (timeout > nearSeconds && (await waitUntil(deadline - nearSeconds * 1000, wait))) {
    run.emit({type: 'deadline-near', remainingSeconds: nearSeconds})
  }

  if (await waitUntil(deadline, wait)) {
    run.stop.request('timed-out')
  }
}

/**
 * Takes a machine down the ladder: power button, then, after the grace period, `quit`, then SIGKILL. A second request skips
 * to its end.
 *
 * @returns the rung on which the machine ended, if it was still there
 */
async function shutDown(run: Run, {machine}: RunningMachine, cause: StopCause): Promise<Rung | undefined> {
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

function howItEnded(end: MachineEnd, lastRung: Rung | undefined): string {
  if (end.how === 'powered-off') {
    return lastRung === undefined ? 'shut itself down' : 'shut down when asked to'
  }

  return end.how === 'crashed' ? `${end.what} while it was shut down` : 'was ended'
}

import type {Rung} from '../../contract/events.js'
import type {MachineEnd, RunningMachine} from '../../contract/machine.js'
import type {Run} from '../../contract/run.js'
import {GuestError, HostError} from '../../errors/errors.js'
import {durationText} from '../../text/duration.js'
import {settled, waitUntil} from '../../time/timer.js'
import {shutDown} from '../ladder.js'
import type {StepWork} from '../pipeline.js'

/** How long before the deadline it is announced, in seconds; shorter runs are told nothing. */
const nearSeconds = 60

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
    const lastRung = cause === undefined ? undefined : await shutDown(run, machine, cause)
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

function howItEnded(end: MachineEnd, lastRung: Rung | undefined): string {
  if (end.how === 'powered-off') {
    return lastRung === undefined ? 'shut itself down' : 'shut down when asked to'
  }

  return end.how === 'crashed' ? `${end.what} while it was shut down` : 'was ended'
}

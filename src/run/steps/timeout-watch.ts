import type {Rung, ShutdownCause} from '../../contract/events.js'
import type {MachineEnd, RunningMachine} from '../../contract/machine.js'
import type {OwnRun} from '../../contract/run.js'
import {GuestError, HostError} from '../../errors/errors.js'
import {durationText} from '../../text/duration.js'
import {settled, Turns, waitUntil} from '../../time/timer.js'
import {shutDown} from '../ladder.js'
import type {StepWork} from '../pipeline.js'

/** How long before the deadline it is announced, in seconds; shorter runs are told nothing. */
const nearSeconds = 60

/** Watches over the machine until the guest is done, its time is up, or the run is asked to stop. */
export const timeoutWatchStep: StepWork = {
  plan: async ({instance, architecture}) => {
    const {'timeout-seconds': timeout, 'grace-seconds': grace, 'guest-agent': hasAgent} = instance
    const hasButton = architecture.powerButton !== false
    const asked = hasButton ? 'power button is pressed' : 'agent is asked'
    return {
      title:
        `Guest: runs for up to ${durationText(timeout)}, then ` +
        (hasButton || hasAgent
          ? `has ${durationText(grace)} to shut down after its ${asked}`
          : 'is ended, as its machine has no power button'),
      commands: [],
    }
  },
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
    const cause = await untilOver(run, running)
    const lastRung = cause === undefined ? undefined : await shutDown(run, running, cause)
    const end = await machine.ended
    await running.ports?.heard()
    const isDecided = run.guest.decisiveExitCode !== undefined
    if (end.how === 'failed' && !isDecided) {
      throw end.error
    }

    if (isDecided || run.stop.cause === undefined) {
      await run.checkHeld()
    }

    if (end.how === 'crashed' && !isDecided && cause === undefined && run.stop.cause === undefined) {
      throw new GuestError(`the guest ${end.what}`)
    }

    const ran = durationText((performance.now() - since) / 1000)
    return `Guest: ${howItEnded(end, lastRung)} after ${ran}`
  },
}

/** Waits until the machine is gone, and then gives nothing, or there is a reason to shut it down. */
async function untilOver(run: OwnRun, {machine, since}: RunningMachine): Promise<ShutdownCause | undefined> {
  const ended = settled(machine.ended)
  const {stop, guest} = run
  const turns = new Turns()
  for (const signal of [ended, stop.signal]) {
    signal.addEventListener('abort', () => turns.turn())
  }

  guest.onChange(() => turns.turn())
  let announced: number | undefined
  while (!ended.aborted && stop.cause === undefined) {
    const turn = turns.next()
    if (guest.exitCode !== undefined) {
      // It may go off by itself.
      const graceEnd = performance.now() + run.instance['grace-seconds'] * 1000
      await waitUntil(graceEnd, AbortSignal.any([ended, stop.signal]))
      return ended.aborted ? undefined : 'job-ended'
    }

    const {at, means} = nextClock(run, since, announced)
    if (!(await waitUntil(at, turn))) {
      continue
    }

    if (means === 'idle') {
      return means
    }

    if (means === 'near') {
      announced = at
      run.emit({type: 'deadline-near', remainingSeconds: nearSeconds})
    } else {
      stop.request(means)
    }
  }

  return stop.cause
}

/** What is to happen when nothing else does before. */
interface Clock {
  /** In milliseconds of `performance.now()`. */
  readonly at: number
  readonly means: 'near' | 'idle' | 'boot-failed' | 'timed-out'
}

/** @param announced when the end was announced to be near */
function nextClock({instance, guest}: OwnRun, since: number, announced: number | undefined): Clock {
  const {
    'timeout-seconds': timeout,
    'ready-seconds': ready = Number.POSITIVE_INFINITY,
    'idle-seconds': idle = Number.POSITIVE_INFINITY,
  } = instance
  const deadline = (guest.busyAt ?? since) + timeout * 1000
  const near = deadline - nearSeconds * 1000
  const clocks: readonly Clock[] = [
    {at: deadline, means: 'timed-out'},
    {at: guest.readyAt === undefined ? since + ready * 1000 : Number.POSITIVE_INFINITY, means: 'boot-failed'},
    {at: (guest.idleSince ?? Number.POSITIVE_INFINITY) + idle * 1000, means: 'idle'},
    {at: timeout > nearSeconds && announced !== near ? near : Number.POSITIVE_INFINITY, means: 'near'},
  ]
  return clocks.reduce((next, clock) => (clock.at < next.at ? clock : next))
}

function howItEnded(end: MachineEnd, lastRung: Rung | undefined): string {
  const when = lastRung === undefined ? 'when its job had ended' : 'while it was shut down'
  switch (end.how) {
    case 'powered-off':
      return lastRung === undefined ? 'shut itself down' : 'shut down when asked to'
    case 'crashed':
      return `${end.what} ${when}`
    case 'failed':
      return `was lost ${when} (${end.error.message})`
    case 'stopped':
      return 'was ended'
  }
}

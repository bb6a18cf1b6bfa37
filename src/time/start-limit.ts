import type {Run} from '../contract/run.js'
import type {Step} from '../contract/step.js'
import {HostError} from '../errors/errors.js'
import {durationText} from '../text/duration.js'
import {unless, waitUntil} from './timer.js'

/** How long the work may take to end when the run is to stop, in milliseconds. */
const heedLimit = 1000

/** How long work without a limit may go on when the run is to end at once, in milliseconds. */
const forceLimit = 30_000

/**
 * Does a part of what has to be done before the guest runs, and gives it up when it takes longer than start-seconds.
 *
 * @param what the program that is waited for
 * @param work is given a signal that is aborted when it has to end, because of the limit or because the run is to stop
 * @param step what always runs is told only by a second request to stop; what has no limit is given up only after it
 * @throws HostError when the limit has passed, whether or not `work` heeds its signal, and when the run is to stop and
 *   `work` has not heeded it for a second, or, without a limit, for half a minute
 */
export async function withinStartLimit<Result>(
  {instance, stop: {signal, forceSignal}}: Run,
  what: string,
  work: (signal: AbortSignal) => Promise<Result>,
  {always, unlimited}: Pick<Step, 'always' | 'unlimited'> = {},
): Promise<Result> {
  const stopSignal = always ? forceSignal : signal
  const limit = async (over: AbortSignal): Promise<HostError> => {
    const seconds = instance['start-seconds']
    await waitUntil(performance.now() + seconds * 1000, over)
    return new HostError(`${what} hangs: it was not ready after ${durationText(seconds)}`, {
      hint: 'Where this host is merely slow, give the instance more time with "start-seconds".',
    })
  }
  const overtime = async (over: AbortSignal): Promise<HostError> => {
    await (unlimited ? overdue(forceSignal, forceLimit, over) : overdue(stopSignal, heedLimit, over))
    return unlimited
      ? new HostError(`${what} did not end when the run was to end at once`)
      : new HostError(`${what} did not end when the run was to stop`, {cause: stopSignal.reason})
  }
  return await unless(
    failed => work(AbortSignal.any([stopSignal, failed])),
    overtime,
    ...(unlimited ? [] : [limit]),
  )
}

/** Settles so many milliseconds after a signal is aborted, unless nobody waits for that any more. */
async function overdue(signal: AbortSignal, limit: number, over: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    if (signal.aborted) {
      resolve()
    }

    signal.addEventListener('abort', () => resolve(), {signal: over})
  })
  await waitUntil(performance.now() + limit, over)
}

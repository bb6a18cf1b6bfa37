import type {Run} from '../contract/run.js'
import {HostError} from '../errors/errors.js'
import {durationText} from '../text/duration.js'
import {waitUntil} from './timer.js'

/** How long the work may take to end when the run is to stop, in milliseconds. */
const heedLimit = 1000

/**
 * Does a part of what has to be done before the guest runs, and gives it up when it takes longer than start-seconds.
 *
 * @param what the program that is waited for
 * @param work is given a signal that is aborted when it has to end, because of the limit or because the run is to stop
 * @param stopSignal tells that the run is to stop
 * @throws HostError when the limit has passed, whether or not `work` heeds its signal, and when the run is to stop and
 *   `work` has not heeded it for a second
 */
export async function withinStartLimit<Result>(
  run: Run,
  what: string,
  work: (signal: AbortSignal) => Promise<Result>,
  stopSignal = run.stop.signal,
): Promise<Result> {
  const seconds = run.instance['start-seconds']
  const giveUp = new AbortController()
  const done = new AbortController()
  const limit = async (): Promise<never> => {
    if (await waitUntil(performance.now() + seconds * 1000, done.signal)) {
      giveUp.abort()
      throw new HostError(`${what} hangs: it was not ready after ${durationText(seconds)}`, {
        hint: 'Where this host is merely slow, give the instance more time with "start-seconds".',
      })
    }

    return await new Promise(() => undefined)
  }

  const stop = async (): Promise<never> => {
    await overdue(stopSignal, heedLimit, done.signal)
    throw new HostError(`${what} did not end when the run was to stop`, {cause: stopSignal.reason})
  }

  try {
    return await Promise.race([limit(), stop(), work(AbortSignal.any([stopSignal, giveUp.signal]))])
  } finally {
    done.abort()
  }
}

/** How long work without a limit may go on when the run is to end at once, in milliseconds. */
const forceLimit = 30_000

/**
 * Does work that sees to its end by itself. @throws HostError when it does not, although the run was asked to end at once
 *
 * @param what as above
 */
export async function untilForced<Result>(
  {stop}: Pick<Run, 'stop'>,
  what: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const done = new AbortController()
  const force = async (): Promise<never> => {
    await overdue(stop.forceSignal, forceLimit, done.signal)
    throw new HostError(`${what} did not end when the run was to end at once`)
  }

  try {
    return await Promise.race([force(), work()])
  } finally {
    done.abort()
  }
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

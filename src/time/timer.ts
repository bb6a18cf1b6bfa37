import {setTimeout as sleep} from 'node:timers/promises'

/** The longest wait that one Node timer can hold, in milliseconds; a longer one fires at once. */
const longestTimer = 2 ** 31 - 1

/**
 * Waits until a point of the monotonic clock, so that setting the wall clock changes nothing. There is no upper limit.
 *
 * @param at milliseconds of `performance.now()`; a point in the past does not wait
 * @returns whether the point was reached: false when `signal` ended the wait
 */
export async function waitUntil(at: number, signal: AbortSignal): Promise<boolean> {
  try {
    for (let left = at - performance.now(); left > 0; left = at - performance.now()) {
      await sleep(Math.min(Math.ceil(left), longestTimer), undefined, {signal})
    }
  } catch {
    return false
  }

  return !signal.aborted
}

/** A signal that is aborted when a promise settles. */
export function settled(promise: Promise<unknown>): AbortSignal {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  promise.then(abort, abort)
  return controller.signal
}

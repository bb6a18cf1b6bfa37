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

/** Turns that come again and again, each to be waited for by a signal of its own. */
export class Turns {
  #next = new AbortController()

  /** A signal that the next turn aborts. */
  next(): AbortSignal {
    return this.#next.signal
  }

  turn(): void {
    const turned = this.#next
    this.#next = new AbortController()
    turned.abort()
  }
}

/** A signal that is aborted when a promise settles. */
export function settled(promise: Promise<unknown>): AbortSignal {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  promise.then(abort, abort)
  return controller.signal
}

/**
 * Waits for some work, or throws what one of the others gives before.
 *
 * @param work is given a signal that is aborted then
 * @param others are given a signal that is aborted when nobody waits for them any more
 */
export async function unless<Result>(
  work: (signal: AbortSignal) => Result | Promise<Result>,
  ...others: readonly ((over: AbortSignal) => Promise<Error>)[]
): Promise<Result> {
  const [failed, over] = [new AbortController(), new AbortController()]
  const thrown = async (other: (typeof others)[number]): Promise<never> => {
    throw await other(over.signal)
  }
  const worked = async (): Promise<Result> => await work(failed.signal)
  try {
    return await Promise.race([...others.map(thrown), worked()])
  } catch (error) {
    failed.abort()
    throw error
  } finally {
    over.abort()
  }
}

/** Waits for some work, and aborts its signal when it takes longer. @param limit in milliseconds @throws an Error that says so */
export async function withinLimit<Result>(
  limit: number,
  work: (signal: AbortSignal) => Result | Promise<Result>,
): Promise<Result> {
  return await unless(work, async over => {
    await waitUntil(performance.now() + limit, over)
    return new Error(`still not done after ${limit / 1000} seconds`)
  })
}

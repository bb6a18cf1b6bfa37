import {setTimeout as sleep} from 'node:timers/promises'

/**
 * Waits for some work, and gives it up when it takes longer.
 *
 * @param limit in milliseconds
 * @throws an Error that says so
 */
export async function withinLimit<Result>(
  limit: number,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const over = new AbortController()
  try {
    return await Promise.race([
      work(),
      sleep(limit, undefined, {signal: over.signal}).then(() => {
        throw new Error(`still not done after ${limit / 1000} seconds`)
      }),
    ])
  } finally {
    over.abort()
  }
}

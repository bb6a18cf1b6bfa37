/**
 * Stands in for `node:timers/promises` where a test fakes the time: the module itself takes no notice of faked global
 * timers. For `vi.mock`.
 */
export function setTimeout<Value>(
  delay: number,
  value: Value,
  {signal}: {readonly signal?: AbortSignal} = {},
): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = (): void => {
      clearTimeout(timer)
      reject(new Error('aborted', {cause: signal?.reason}))
    }
    const timer = globalThis.setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve(value)
    }, delay)
    signal?.addEventListener('abort', stop)
  })
}

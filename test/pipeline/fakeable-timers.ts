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
    const timer = globalThis.setTimeout(() => resolve(value), delay)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new Error('aborted', {cause: signal.reason}))
    })
  })
}

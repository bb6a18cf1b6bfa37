import type {StopRequest} from './stop-request.js'

const causes = {
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
  SIGHUP: 'terminated',
  SIGQUIT: 'terminated',
} as const

/** How soon after a signal another one means the same request, in milliseconds. */
const echoLimit = 1000

/**
 * Has this process's signals ask a run to stop. Schedulers and service managers send several at a time for one request;
 * a Ctrl-C is always one of its own.
 *
 * @param now a monotonic clock, in milliseconds
 */
export function stopOnSignals(stop: StopRequest, now = (): number => performance.now()): void {
  let last = Number.NEGATIVE_INFINITY
  for (const [signal, cause] of Object.entries(causes)) {
    // `on`, not `once`: with `once`, signal-exit (inside execa) takes itself for the only listener and kills the process.
    process.on(signal, () => {
      const at = now()
      if (signal === 'SIGINT' || at - last >= echoLimit) {
        last = at
        stop.request(cause)
      }
    })
  }
}

import type {StopRequest} from './stop-request.js'

const causes = {SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'terminated'} as const

/**
 * Has this process's signals ask a run to stop.
 *
 * @returns a function that gives the signals back to their default
 */
export function stopOnSignals(stop: StopRequest): () => void {
  // `on`, not `once`: with `once`, signal-exit (inside execa) takes itself for the only listener and kills the process.
  const handlers = Object.entries(causes).map(([signal, cause]) => ({
    signal,
    handler: () => stop.request(cause),
  }))
  for (const {signal, handler} of handlers) {
    process.on(signal, handler)
  }

  return () => {
    for (const {signal, handler} of handlers) {
      process.off(signal, handler)
    }
  }
}

import type {StopRequest} from './stop-request.js'

const causes = {
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
  SIGHUP: 'terminated',
  SIGQUIT: 'terminated',
} as const

/** Has this process's signals ask a run to stop. */
export function stopOnSignals(stop: StopRequest): void {
  for (const [signal, cause] of Object.entries(causes)) {
    // `on`, not `once`: with `once`, signal-exit (inside execa) takes itself for the only listener and kills the process.
    process.on(signal, () => stop.request(cause))
  }
}

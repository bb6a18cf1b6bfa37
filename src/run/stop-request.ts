import type {StopCause} from '../contract/events.js'
import type {Stop} from '../contract/run.js'
import {Turns} from '../time/timer.js'

/** Requests behind the second change nothing. */
export class StopRequest implements Stop {
  readonly #stop = new AbortController()
  readonly #force = new AbortController()
  readonly #requests = new Turns()
  #cause: StopCause | undefined
  readonly signal: AbortSignal = this.#stop.signal
  readonly forceSignal: AbortSignal = this.#force.signal

  get cause(): StopCause | undefined {
    return this.#cause
  }

  /** A signal that the next request aborts, whichever it is. */
  next(): AbortSignal {
    return this.#requests.next()
  }

  request(cause: StopCause): void {
    this.#requests.turn()
    if (this.#cause === undefined) {
      this.#cause = cause
      this.#stop.abort()
    } else {
      this.#force.abort()
    }
  }
}

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
 */
export function stopOnSignals(stop: StopRequest): void {
  let last = Number.NEGATIVE_INFINITY
  for (const [signal, cause] of Object.entries(causes)) {
    // `on`, not `once`: with `once`, signal-exit (inside execa) takes itself for the only listener and kills the process.
    process.on(signal, () => {
      const at = performance.now()
      if (signal === 'SIGINT' || at - last >= echoLimit) {
        last = at
        stop.request(cause)
      }
    })
  }
}

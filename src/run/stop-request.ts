import type {StopCause} from '../contract/verdict.js'

/**
 * The wish that a run end. The first request asks it to stop in good order, the second to skip to the end;
 * further ones change nothing.
 */
export class StopRequest {
  readonly #stop = new AbortController()
  readonly #force = new AbortController()
  readonly #next: AbortController[] = []
  #cause: StopCause | undefined

  /** Aborted by the first request. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Aborted by the second request. */
  get forceSignal(): AbortSignal {
    return this.#force.signal
  }

  /** The cause of the first request. */
  get cause(): StopCause | undefined {
    return this.#cause
  }

  /** A signal that the next request aborts, whichever it is. */
  next(): AbortSignal {
    const controller = new AbortController()
    this.#next.push(controller)
    return controller.signal
  }

  request(cause: StopCause): void {
    for (const controller of this.#next.splice(0)) {
      controller.abort()
    }

    if (this.#cause === undefined) {
      this.#cause = cause
      this.#stop.abort()
    } else {
      this.#force.abort()
    }
  }
}

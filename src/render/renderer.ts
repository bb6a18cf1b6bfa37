import type {RunListener} from '../contract/events.js'

/** Shows a run to somebody. */
export interface Renderer {
  readonly listener: RunListener
  /** Settles when everything is shown; called after the last event. */
  finish(): Promise<void>
}

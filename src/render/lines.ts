import type {Writable} from 'node:stream'
import type {RunEvent, RunListener} from '../contract/events.js'
import {errorJson} from '../start/show-error.js'
import {printable, printableJson, printableLines} from '../text/printable.js'
import {eventText} from './event-text.js'

/** Shows a run to somebody. */
export interface Renderer {
  readonly listener: RunListener
  /** Settles when everything is shown; called after the last event. */
  finish(): Promise<void>
}

/** A line an event, without escape codes: for pipes, logs and CI. */
export function plainLines(output: Writable): Renderer {
  let prefix = ''
  return {
    listener: event => {
      if (event.type === 'run-started') {
        prefix = `${printable(event.instance)}: `
      }

      const line = eventText(event)
      if (line !== undefined) {
        output.write(printableLines(`${prefix}${line}\n`))
      }
    },
    finish: async () => undefined,
  }
}

/** A JSON object a line for each event, with the wall-clock `time` at which it was told: for programs. */
export function jsonLines(output: Writable): Renderer {
  return {
    listener: event => {
      output.write(`${printableJson({time: new Date().toISOString(), ...fieldsOf(event)})}\n`)
    },
    finish: async () => undefined,
  }
}

function fieldsOf(event: RunEvent): object {
  if (event.type !== 'verdict') {
    return event
  }

  const {type, verdict, seconds} = event
  const {name, exitCode, error} = verdict
  return {
    type,
    verdict: name,
    exitCode,
    seconds: Math.round(seconds * 1000) / 1000,
    ...(error && errorJson(error)),
  }
}

import type {Writable} from 'node:stream'
import type {RunEvent} from '../contract/events.js'
import {errorJson} from '../start/show-error.js'
import {printableJson} from '../text/printable.js'
import type {Renderer} from './renderer.js'

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

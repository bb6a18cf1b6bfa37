import type {Writable} from 'node:stream'
import type {RunEvent, RunListener} from '../contract/events.js'
import {errorJson} from '../start/show-error.js'
import {printable, printableJson, printableLines} from '../text/printable.js'
import {eventText, tailText} from './event-text.js'

/** Shows a run to somebody. */
export interface Renderer {
  readonly listener: RunListener
  /** Settles when everything is shown; called after the last event. */
  finish(): Promise<void>
}

export interface Audience {
  /** Somebody asked for JSON. */
  readonly json: boolean
  /** The guest's console has standard output for itself. */
  readonly consoleOnStdout: boolean
}

/** How to show a run to whoever is there: a program, a log, or a person at a terminal. */
export async function chooseRenderer({json, consoleOnStdout}: Audience): Promise<Renderer> {
  if (json) {
    return jsonLines(process.stdout)
  }

  if (consoleOnStdout) {
    return plainLines(process.stderr)
  }

  if (process.stdout.isTTY && process.stdout.columns > 0 && !process.env['CI']) {
    const {Terminal} = await import('./terminal.js')
    return new Terminal()
  }

  return plainLines(process.stdout)
}

/** A line an event, without escape codes: for pipes, logs and CI. */
export function plainLines(output: Writable): Renderer {
  let prefix = ''
  return {
    listener: event => {
      if (event.type === 'run-started') {
        prefix = `${printable(event.instance)}: `
      }

      if (event.type === 'verdict') {
        output.write(printableLines(tailText(event.verdict)))
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
  const {name, exitCode, error, ...told} = verdict
  return {
    ...{type, verdict: name, exitCode, seconds: Math.round(seconds * 1000) / 1000},
    ...told,
    ...(error && errorJson(error)),
  }
}

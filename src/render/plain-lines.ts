import type {Writable} from 'node:stream'
import {printable, printableLines} from '../text/printable.js'
import {describeEvent} from './describe-event.js'
import type {Renderer} from './renderer.js'

/** A line an event, without escape codes: for pipes, logs and CI. */
export function plainLines(output: Writable): Renderer {
  let prefix = ''
  return {
    listener: event => {
      if (event.type === 'run-started') {
        prefix = `${printable(event.instance)}: `
      }

      const line = describeEvent(event)
      if (line !== undefined) {
        output.write(printableLines(`${prefix}${line}\n`))
      }
    },
    finish: async () => undefined,
  }
}

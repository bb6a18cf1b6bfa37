import {jsonLines, plainLines, type Renderer} from './lines.js'

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

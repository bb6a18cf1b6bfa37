import {createInterface} from 'node:readline/promises'
import * as Errors from '@oclif/core/errors'
import {exitCodes} from '../../contract/events.js'
import {StopRequest, stopOnSignals} from '../../run/stop-request.js'
import {capitalized} from '../../text/capitalized.js'
import type {Ask, Question} from './answers.js'

/** Asks whoever sits at this process's terminal; undefined where nobody does, or where JSON is asked for. */
export function askAtTerminal(json: boolean): Ask | undefined {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  if (json || !isTerminal || process.env['CI']) {
    return
  }

  let stop: StopRequest | undefined
  return async question => {
    if (stop === undefined) {
      stop = new StopRequest()
      stopOnSignals(stop)
    }

    return await ask(question, stop)
  }
}

/** Asks until an answer holds. @throws CLIError when somebody would rather not answer */
async function ask({text, default: suggested, wrongWith}: Question, stop: StopRequest): Promise<string> {
  const terminal = createInterface({input: process.stdin, output: process.stdout})
  // It has Ctrl-C read as a key. At Ctrl-D, and when the terminal is gone, it closes.
  const give = (): void => stop.request('interrupted')
  terminal.on('SIGINT', give).on('close', give)
  terminal.on('SIGCONT', () => terminal.prompt(true))
  const query = suggested === undefined ? `${text}: ` : `${text} (${suggested}): `
  try {
    for (let complaint = ''; ; ) {
      const typed = await terminal.question(`${complaint}${query}`, {signal: stop.signal})
      const answer = typed.trim() || (suggested ?? '')
      const wrong = await wrongWith(answer)
      if (wrong === undefined) {
        return answer
      }

      complaint = `${capitalized(wrong)}\n`
    }
  } catch (error) {
    const {cause} = stop
    throw cause === undefined
      ? error
      : new Errors.CLIError(`${cause}: nothing was written`, {exit: exitCodes[cause]})
  } finally {
    terminal.off('close', give)
    terminal.close()
  }
}

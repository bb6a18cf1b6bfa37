import * as Errors from '@oclif/core/errors'
import type {StopCause} from '../../contract/verdict.js'
import {exitCodes} from '../../contract/verdict.js'
import {StopRequest, stopOnSignals} from '../../run/stop-request.js'
import {capitalized} from '../../text/capitalized.js'
import {onEndOfInput} from './end-of-input.js'
import type {Ask, Question} from './first-answers.js'
import type {AskedKey} from './first-instance.js'

const messages: Readonly<Record<AskedKey, string>> = {
  name: 'Name of the instance:',
  image: 'Base image, a qcow2 file:',
  arch: "The guest's architecture:",
  'timeout-seconds': 'How long the guest may run, in seconds:',
}

/** Asks whoever sits at this process's terminal; undefined where nobody does, or where JSON is asked for. */
export function askAtTerminal(json: boolean): Ask | undefined {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  if (json || !isTerminal || process.env['CI']) {
    return
  }

  const stop = new StopRequest()
  let isWatched = false
  return async question => {
    if (!isWatched) {
      isWatched = true
      // Those that come from elsewhere: the terminal has Ctrl-C read as a key while a question is open.
      stopOnSignals(stop)
    }

    return await ask(question, stop)
  }
}

/** @throws CLIError when somebody would rather not answer, and then the terminal is as it was */
async function ask(question: Question, stop: StopRequest): Promise<string> {
  const ignoreEnd = onEndOfInput(process.stdin, () => stop.request('interrupted'))
  try {
    return await prompt(question, stop.signal)
  } catch (error) {
    if (stop.cause === undefined && !isCtrlC(error)) {
      throw error
    }

    throw interruption(stop.cause ?? 'interrupted')
  } finally {
    ignoreEnd()
  }
}

async function prompt(
  {key, default: suggested, choices, wrongWith}: Question,
  signal: AbortSignal,
): Promise<string> {
  const message = messages[key]
  if (choices !== undefined) {
    const {default: select} = await import('@inquirer/select')
    return await select({message, choices}, {signal})
  }

  const {default: input} = await import('@inquirer/input')
  const answer = await input(
    {
      message,
      default: suggested,
      validate: async text => {
        const wrong = await wrongWith(text.trim())
        return wrong === undefined || capitalized(wrong)
      },
    },
    {signal},
  )
  return answer.trim()
}

function interruption(cause: StopCause): Errors.CLIError {
  return new Errors.CLIError(`${cause}: nothing was written`, {exit: exitCodes[cause]})
}

/** What inquirer rejects with has no class that could be imported from the packages of the questions. */
function isCtrlC(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError'
}

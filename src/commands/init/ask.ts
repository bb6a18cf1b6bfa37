import type {ReadStream} from 'node:tty'
import * as Errors from '@oclif/core/errors'
import {exitCodes, type StopCause} from '../../contract/verdict.js'
import {StopRequest, stopOnSignals} from '../../run/stop-request.js'
import {capitalized} from '../../text/capitalized.js'
import type {Ask, AskedKey, Question} from './answers.js'

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

  let stop: StopRequest | undefined
  return async question => {
    stop ??= signalled()
    return await ask(question, stop)
  }
}

/** What is asked for by signals from elsewhere: the terminal has Ctrl-C read as a key while a question is open. */
function signalled(): StopRequest {
  const stop = new StopRequest()
  stopOnSignals(stop)
  return stop
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

function interruption(cause: StopCause): Errors.CLIError {
  return new Errors.CLIError(`${cause}: nothing was written`, {exit: exitCodes[cause]})
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

/** What inquirer rejects with has no class that could be imported from the packages of the questions. */
function isCtrlC(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError'
}

/** A key as `node:readline` tells it. */
interface Key {
  readonly name?: string
  readonly ctrl?: boolean
}

/**
 * Watches over a terminal that readline reads, for whoever waits for an answer from it: readline closes at Ctrl-D without
 * a word to them, and leaves the terminal unread when the process goes on after Ctrl-Z.
 *
 * @param onEnd is called when no more answers can come
 * @returns ends the watch
 */
function onEndOfInput(terminal: ReadStream, onEnd: () => void): () => void {
  const onKey = (_: unknown, {name, ctrl}: Key): void => {
    if (ctrl && name === 'd') {
      // In the middle of a line it deletes a character: only when readline is through with it is it known which it was.
      setImmediate(() => terminal.isRaw || onEnd())
    }
  }
  const onContinue = (): void => {
    setImmediate(() => terminal.resume())
  }
  terminal.on('keypress', onKey)
  terminal.on('end', onEnd)
  process.on('SIGCONT', onContinue)
  return () => {
    terminal.off('keypress', onKey)
    terminal.off('end', onEnd)
    process.off('SIGCONT', onContinue)
  }
}

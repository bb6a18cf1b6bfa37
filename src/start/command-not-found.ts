import type {Hook} from '@oclif/core'
import {UsageError} from '../errors/errors.js'
import {nearest} from '../text/nearest.js'
import {usageExitCode} from './exit-codes.js'
import {showError} from './show-error.js'

/** Called by oclif for a command that there is not; `id` are all the words that were typed, with colons between them. */
export const commandNotFound: Hook.CommandNotFound = async function commandNotFound({id, argv = [], config}) {
  const [first = '', second] = id.split(':')
  const commands = config.commandIDs.map(known => known.split(':'))
  const topics = Array.from(new Set(commands.map(([word = '']) => word)))
  const topic = nearest(first, topics)
  const below = commands.flatMap(([word, next]) => (word === topic && next !== undefined ? [next] : []))
  const command = second === undefined ? undefined : nearest(second, below)
  const meant = [topic, command].filter(one => one !== undefined).join(' ')
  // Where the topic is right, the word behind it is not.
  const unknown = topic === first && second !== undefined ? `${first} ${second}` : first
  const error = new UsageError(`${config.bin} has no command ${unknown}; it has: ${topics.join(', ')}`, {
    hint: unknown.startsWith(meant)
      ? `See ${[config.bin, topic].join(' ').trimEnd()} --help`
      : `did you mean ${meant}?`,
  })
  showError(error, argv.includes('--json'))
  this.exit(usageExitCode)
}

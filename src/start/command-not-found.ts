import type {Hook} from '@oclif/core'
import {UsageError} from '../errors/errors.js'
import {nearest} from '../text/nearest.js'
import {usageExitCode} from './exit-codes.js'
import {showError} from './show-error.js'

/** A command as it is typed, topics first: `['plugins', 'install']`. */
type Words = readonly string[]

/** Called by oclif for a command that there is not. */
export const commandNotFound: Hook.CommandNotFound = async function commandNotFound({id, argv = [], config}) {
  const commands = config.commandIDs.map(words)
  const typed = words(id)
  const meant = nearestCommand(typed, commands)
  const isKnown = isStartOf(meant, typed)
  const unknown = typed.slice(0, isKnown ? meant.length + 1 : meant.length)
  const error = new UsageError(
    `${config.bin} has no command ${unknown.join(' ')}; it has: ${wordsAfter([], commands).join(', ')}`,
    {hint: isKnown ? `See ${[config.bin, ...meant].join(' ')} --help` : `did you mean ${meant.join(' ')}?`},
  )
  showError(error, argv.includes('--json'))
  this.exit(usageExitCode)
}

/** oclif joins a command's words by colons, however they were typed; of an unknown one, its arguments too. */
function words(id: string): Words {
  return id.split(':')
}

/** As much of what was `typed` as names a command or a topic, with each word put right. */
function nearestCommand(typed: Words, commands: readonly Words[]): Words {
  const meant: string[] = []
  for (const word of typed) {
    const next = nearest(word, wordsAfter(meant, commands))
    if (next === undefined) {
      break
    }
    meant.push(next)
  }
  return meant
}

/** The words that follow `start` in the commands that begin with it. */
function wordsAfter(start: Words, commands: readonly Words[]): Words {
  const following = commands
    .filter(command => isStartOf(start, command))
    .flatMap(command => command.slice(start.length, start.length + 1))
  return [...new Set(following)].toSorted()
}

function isStartOf(start: Words, command: Words): boolean {
  return start.every((word, position) => command[position] === word)
}

import type {Hook} from '@oclif/core'
import {UsageError} from '../errors.js'
import {didYouMean} from '../text/nearest.js'
import {usageExitCode} from './exit-codes.js'
import {showError} from './show-error.js'

/** Called by oclif for a command that there is not. */
export const commandNotFound: Hook.CommandNotFound = async function commandNotFound({id, argv = [], config}) {
  const commands = config.commandIDs.toSorted()
  const error = new UsageError(
    `${config.bin} has no command ${id.replaceAll(':', ' ')}; it has: ${commands.join(', ')}`,
    {
      hint: didYouMean(id, commands) ?? `See ${config.bin} --help`,
    },
  )
  showError(error, argv.includes('--json'))
  this.exit(usageExitCode)
}

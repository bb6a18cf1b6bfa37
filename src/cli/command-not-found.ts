import type {Hook} from '@oclif/core'
import {UsageError} from '../errors.js'
import {errorJson} from '../render/error-json.js'
import {errorText} from '../render/error-text.js'
import {didYouMean} from '../text/nearest.js'
import {usageExitCode} from './exit-codes.js'

/** Called by oclif for a command that there is not. */
export const commandNotFound: Hook.CommandNotFound = async function commandNotFound({id, argv = [], config}) {
  const commands = config.commandIDs.toSorted()
  const error = new UsageError(`${config.bin} has no command ${id}; it has: ${commands.join(', ')}`, {
    hint: didYouMean(id, commands) ?? `See ${config.bin} --help`,
  })
  if (argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(errorJson(error))}\n`)
  } else {
    process.stderr.write(errorText(error))
  }

  this.exit(usageExitCode)
}

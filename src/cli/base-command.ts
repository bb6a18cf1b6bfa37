import {Command, Flags} from '@oclif/core'
import {UsageError, VmrunError} from '../errors.js'
import {exitCodes} from '../pipeline/verdict.js'
import {builtIn} from '../plugins/built-in.js'
import {Registry} from '../plugins/registry.js'
import {errorJson} from '../render/error-json.js'
import {errorText} from '../render/error-text.js'

/** The exit code for bad arguments and for an instances file that does not hold. */
export const usageExitCode = 2

export const fileFlag = Flags.string({
  char: 'f',
  summary: 'The instances file.',
  default: 'instances.json',
  helpValue: 'FILE',
})

/** What every command of vmrun has in common: JSON on demand, and errors that are shown alike with the same exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  protected readonly registry = new Registry([builtIn])

  /**
   * Ends the command after an error. The exit code is the same with and without `--json`, which oclif's own `catch`
   * does not see to.
   */
  protected override async catch(error: Error & {readonly oclif?: {readonly exit?: number}}): Promise<void> {
    const isOurs = error instanceof VmrunError
    if (isOurs) {
      process.exitCode = error instanceof UsageError ? usageExitCode : exitCodes['infra-failed']
    } else {
      process.exitCode = error.oclif?.exit ?? exitCodes['infra-failed']
    }

    if (this.jsonEnabled()) {
      this.logJson(errorJson(error))
    } else if (isOurs) {
      process.stderr.write(errorText(error))
    } else {
      throw error
    }
  }
}

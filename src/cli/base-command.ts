import {Command, Flags} from '@oclif/core'
import {VmrunError} from '../errors.js'
import {builtIn} from '../plugins/built-in.js'
import {Registry} from '../plugins/registry.js'
import {errorJson} from '../render/error-json.js'
import {errorText} from '../render/error-text.js'
import {exitCodeOf} from './exit-codes.js'

export const fileFlag = Flags.string({
  char: 'f',
  summary: 'The instances file.',
  default: 'instances.json',
  helpValue: 'FILE',
})

/** What every command has in common: JSON on demand, and errors that look alike and have the same exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  protected readonly registry = new Registry([builtIn])

  /**
   * Ends the command after an error. The exit code is the same with and without `--json`, which oclif's own `catch`
   * does not see to. A bug is left to oclif, which shows where it is.
   */
  protected override async catch(error: Error & {readonly oclif?: {readonly exit?: number}}): Promise<void> {
    process.exitCode = exitCodeOf(error)
    if (this.jsonEnabled()) {
      process.stdout.write(`${JSON.stringify(errorJson(error))}\n`)
    } else if (error instanceof VmrunError || error.oclif !== undefined) {
      process.stderr.write(errorText(error))
    } else {
      throw error
    }
  }
}

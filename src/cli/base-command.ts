import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {VmrunError} from '../errors.js'
import {formatProblem} from '../instances/format-problem.js'
import type {Problem} from '../instances/problem.js'
import type {Registry} from '../plugins/registry.js'
import {printable} from '../text/printable.js'
import {exitCodeOf} from './exit-codes.js'
import {settleExit} from './exit-guard.js'
import {showError} from './show-error.js'
import {surviveStrayErrors} from './stray-errors.js'

export const fileFlag = Flags.string({
  char: 'f',
  summary: 'The instances file.',
  default: 'instances.json',
  helpValue: 'FILE',
})

/** What every command has in common: JSON on demand, and errors that look alike and have the same exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  /** How this process ends when the command is through: only vmrun has a say in it, not whatever a plugin sets. */
  protected exitCode = 0

  /** Who is told of what a plugin throws where nobody waits for it. */
  protected onStrayError: (text: string) => void = text => {
    process.stderr.write(`${printable(`vmrun: warning: ${text}`)}\n`)
  }

  /** Everything that instances can name. What plugins fail to contribute is told on stderr, unless asked otherwise. */
  protected async loadRegistry({warn = true}: {readonly warn?: boolean} = {}): Promise<Registry> {
    const {loadRegistry} = await import('./load-registry.js')
    surviveStrayErrors(this.config, text => this.onStrayError(text))
    const registry = await loadRegistry(this.config)
    for (const {message, hint} of warn ? registry.problems : []) {
      process.stderr.write(
        `${printable(`vmrun: warning: ${message}${hint === undefined ? '' : ` (${hint})`}`)}\n`,
      )
    }

    return registry
  }

  /** Shows what is worth mending in an instances file that holds; on stderr, so that it is never part of a result. */
  protected showWarnings(problems: readonly Problem[]): void {
    for (const problem of problems) {
      process.stderr.write(`${formatProblem(problem)}\n`)
    }
  }

  /**
   * Ends the command after an error. The exit code is the same with and without `--json`, which oclif's own `catch`
   * does not see to. Only a bug of vmrun shows a stack trace.
   */
  protected override async catch(error: Error & {readonly oclif?: {readonly exit?: number}}): Promise<void> {
    this.exitCode = exitCodeOf(error)
    const isBug = !(error instanceof VmrunError) && error.oclif === undefined
    if (isBug) {
      const {sourceStack} = await import('./source-stack.js')
      process.stderr.write(`${sourceStack(error.stack ?? String(error))}\n`)
    }

    if (!isBug || this.jsonEnabled()) {
      showError(error, this.jsonEnabled())
    }
  }
  protected override async finally(error: Error | undefined): Promise<void> {
    await super.finally(error)
    settleExit(this.exitCode)
  }
}

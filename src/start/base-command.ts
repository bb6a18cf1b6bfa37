import * as Args from '@oclif/core/args'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {protections} from '../contract/instance.js'
import {UsageError, VmrunError} from '../errors/errors.js'
import {formatProblem, type Problem} from '../instances/problem.js'
import type {Registry} from '../plugins/registry.js'
import {printable, printableJson, printableLines} from '../text/printable.js'
import {exitCodeOf, settleExit} from './exit-codes.js'
import {watchOutput} from './lost-output.js'
import {showError, showStack, showWarning, warn} from './show-error.js'

/** Refuses what a script gives whose variable is not set. */
export async function someText(text: string): Promise<string> {
  if (text === '') {
    throw new UsageError('an empty text names nothing')
  }

  return text
}

/** For an argument that is missing oclif would read standard input, which may be the rest of a script. */
export const ownArgument = {ignoreStdin: true, parse: someText} as const

export const instanceArgument = Args.string({...ownArgument, required: true, description: 'The instance.'})

export const fileFlag = Flags.string({
  char: 'f',
  summary: 'The instances file; "-" is standard input, and for "init" standard output.',
  default: 'instances.json',
  parse: someText,
  helpValue: 'FILE',
})

export const jobFlags = {
  file: fileFlag,
  config: Flags.string({
    summary: 'A file with a JSON object to merge into the config of the instance; "-" is standard input.',
    description: 'What is no object takes the place of what is there. Placeholders in it are text.',
    parse: someText,
    helpValue: 'FILE',
  }),
}

/** What "run" and "doctor" let somebody choose of the host. */
export const hostFlags = {
  'work-dir': Flags.string({
    summary: 'Where the overlay and the config disk are kept while a guest runs.',
    description: 'Default: VMRUN_WORK_DIR, or else /var/tmp.',
    parse: someText,
    helpValue: 'DIRECTORY',
  }),
  user: Flags.string({
    summary: 'As root: who QEMU runs as.',
    description:
      'Default: vmrun where /etc/passwd has a user of that name, or else a number that nobody has.',
    helpValue: 'NAME',
  }),
  relax: Flags.option({
    summary: 'A protection of the host that QEMU is to run without. May be repeated.',
    description: `Comes on top of an instance's relax. One of ${protections.join(', ')}.`,
    options: protections,
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'PROTECTION',
  })(),
}

/** What every command has in common: JSON on demand, and errors that look alike and have the same exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  /** How this process ends when the command is through: only vmrun has a say in it, not whatever a plugin sets. */
  protected exitCode = 0

  protected override async init(): Promise<void> {
    await super.init()
    watchOutput()
  }

  /** Who is told of what a plugin throws where nobody waits for it. */
  protected onStrayError: (text: string) => void = warn

  /** Everything that instances can name. What plugins fail to contribute is told on stderr, unless asked otherwise. */
  protected async loadRegistry({warn: isTold = true}: {readonly warn?: boolean} = {}): Promise<Registry> {
    const {loadRegistry, warnOfPlugins} = await import('./load-registry.js')
    const registry = await loadRegistry(this.config, text => this.onStrayError(text))
    if (isTold) {
      warnOfPlugins(registry)
    }

    return registry
  }

  /** Shows a result to people, in lines: see `printableLines`. */
  override log(text = ''): void {
    if (!this.jsonEnabled()) {
      process.stdout.write(printableLines(`${text}\n`))
    }
  }

  protected override logJson(result: unknown): void {
    process.stdout.write(`${printableJson(result, 2)}\n`)
  }

  /** Shows what is worth mending in an instances file that holds; on stderr, so that it is never part of a result. */
  protected showWarnings(problems: readonly Problem[]): void {
    for (const problem of problems) {
      showWarning(formatProblem(problem))
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
      showStack(error.stack ?? String(error))
    }

    if (!isBug || this.jsonEnabled()) {
      // oclif has lines of its own, and quotes arguments in them as they are.
      const isAmbiguous = !(error instanceof VmrunError) && this.argv.some(word => word.includes('\n'))
      showError(isAmbiguous ? new Error(printable(error.message)) : error, this.jsonEnabled())
    }
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await super.finally(error)
    settleExit(this.exitCode)
  }
}

import path from 'node:path'
import {handle} from '@oclif/core/handle'
import {run} from '@oclif/core/run'
import {settings} from '@oclif/core/settings'
import {UsageError, VmrunError} from '../errors/errors.js'
import {printable, quoted} from '../text/printable.js'
import {pluginsTopic} from './boot/prepare-process.js'
import {exitCodeOf, guardExit, releaseExit, settleExit, settleUnlessSettled} from './exit-codes.js'
import {leave, watchOutput} from './lost-output.js'
import {asksForHelp, configForOwn, type LoadCommand, type QuietConfig, wholeConfig} from './oclif-config.js'
import {showError} from './show-error.js'

/**
 * Runs the command that the arguments name, and ends this process.
 *
 * @param file in vmrun's package
 */
export async function start(argv: readonly string[], file: string, loadCommand: LoadCommand): Promise<never> {
  // Linked plugins are compiled by those who write them.
  settings.enableAutoTranspile = false
  const root = path.dirname(path.dirname(file))
  guardExit()
  watchOutput()
  try {
    demandPrintable(argv)
    const config = (await configForOwn(argv, root, loadCommand)) ?? (await wholeConfig(root))
    if (isForeignCommand(argv, config)) {
      releaseExit()
    }

    if (argv[0] === pluginsTopic) {
      const {runPluginsCommand} = await import('./plugins-command.js')
      await runPluginsCommand(argv, config)
    } else {
      await run([...argv], config)
    }
  } catch (error) {
    await fail(error, argv.includes('--json'))
  }

  settleUnlessSettled(Number(process.exitCode ?? 0))
  return await leave()
}

/** @throws UsageError for words that oclif's own commands would show as they are */
function demandPrintable(argv: readonly string[]): void {
  const isOclifs = asksForHelp(argv) || argv.includes(pluginsTopic) || argv.includes('help')
  const word = isOclifs ? argv.find(one => one !== printable(one)) : undefined
  if (word !== undefined) {
    throw new UsageError(`no command or plugin can be called ${quoted(word)}`)
  }
}

/** Whether a command is typed that a plugin of somebody else's brings along. */
function isForeignCommand(argv: readonly string[], {commands}: QuietConfig): boolean {
  const typed = `${argv.join(':')}:`
  return commands.some(
    ({id, aliases, pluginType}) =>
      (pluginType === 'user' || pluginType === 'link') &&
      [id, ...aliases].some(name => typed.startsWith(`${name}:`)),
  )
}

/** Tells of what keeps a command from being run at all, and of what oclif's own commands fail with. */
async function fail(error: unknown, json: boolean): Promise<void> {
  if (error instanceof VmrunError) {
    settleExit(exitCodeOf(error))
    showError(error, json)
    return
  }

  const thrown: Error & {readonly oclif?: {readonly exit?: number}} =
    error instanceof Error ? error : new Error(String(error))
  settleUnlessSettled(thrown.oclif?.exit ?? 1)
  await handle(thrown)
}

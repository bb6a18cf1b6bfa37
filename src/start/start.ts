import {existsSync} from 'node:fs'
import path from 'node:path'
import type {Command, Interfaces} from '@oclif/core'
import {Config} from '@oclif/core/config'
import {execute} from '@oclif/core/execute'
import {Exit, handle} from '@oclif/core/handle'
import {settings} from '@oclif/core/settings'
import {UsageError, VmrunError} from '../errors/errors.js'
import {pathIn} from '../host/path-in.js'
import {printable, quoted} from '../text/printable.js'
import {pluginsTopic} from './boot/prepare-process.js'
import {guardExit, isExitSettled, releaseExit, settleExit} from './exit-guard.js'
import {leave, watchOutput} from './lost-output.js'
import {ownPlugin} from './own-plugin.js'

/** Oclif without words of its own. */
class QuietConfig extends Config {
  /** What oclif cannot load it warns of, in a dozen lines: the registry tells of it in one. */
  protected override warned = true
  /** Nobody asked for oclif's log, for which it would load further modules. */
  readonly logger = process.env['DEBUG'] ? undefined : silentLogger('oclif')

  constructor(options: Interfaces.Options) {
    super(options)
    if (this.logger !== undefined) {
      this.options.logger = this.logger
    }
  }
}

function silentLogger(namespace: string): Interfaces.Logger {
  const log = (): void => undefined
  return {
    namespace,
    child: (name, delimiter = ':') => silentLogger(`${namespace}${delimiter}${name}`),
    ...{debug: log, error: log, info: log, trace: log, warn: log},
  }
}

/** Loads one of vmrun's own commands; undefined for all else that can be typed. */
type LoadCommand = (id: string) => {readonly default: Command.Class} | undefined

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
  settleOclifsExit()
  watchOutput()
  try {
    demandPrintable(argv)
    const config = (await configForOwn(argv, root, loadCommand)) ?? (await wholeConfig(root))
    if (isForeignCommand(argv, config)) {
      releaseExit()
    }

    await execute({args: await argumentsFor(argv, config), loadOptions: config})
    if (argv[0] === pluginsTopic) {
      // Whoever uses the plugins later may not write there.
      const {linkOwnPackage} = await import('../plugins/own-package-link.js')
      await linkOwnPackage(config.dataDir, config.root)
    }
  } catch (error) {
    await fail(error, argv.includes('--json'))
  }

  settleUnlessSettled(Number(process.exitCode ?? 0))
  return await leave()
}

/** @throws UsageError for words that oclif's own commands would show as they are */
function demandPrintable(argv: readonly string[]): void {
  const isOclifs = argv.some(one => [pluginsTopic, 'help', '--help', '-h'].includes(one))
  const word = isOclifs ? argv.find(one => one !== printable(one)) : undefined
  if (word !== undefined) {
    throw new UsageError(`no command or plugin can be called ${quoted(word)}`)
  }
}

/** With all plugins, but those that others could have written: oclif would run what they hold. */
async function wholeConfig(root: string): Promise<Config> {
  const own = new QuietConfig({root, userPlugins: false})
  await own.load()
  const {loadListedPlugins} = await import('./load-listed-plugins.js')
  const listed = await loadListedPlugins(own.dataDir)
  if (listed.length === 0) {
    return own
  }

  const plugins = [...listed, ...own.plugins.values()].map(plugin => [plugin.name, plugin] as const)
  const config = new QuietConfig({root, plugins: new Map(plugins)})
  await config.load()
  return config
}

/**
 * For vmrun's own commands where no plugin is installed: nothing has to be looked for then.
 *
 * @returns undefined where it takes more than that
 */
async function configForOwn(
  [id = '', ...rest]: readonly string[],
  root: string,
  loadCommand: LoadCommand,
): Promise<Config | undefined> {
  if (rest.some(word => word === '--help' || word === '-h')) {
    return
  }

  const command = loadCommand(id)
  if (command === undefined) {
    return
  }

  const plugin = ownPlugin(root, id, command.default)
  const config = new QuietConfig({root, plugins: new Map([[plugin.name, plugin]])})
  await config.load()
  return existsSync(pathIn(config.dataDir, 'package.json')) ? undefined : config
}

/** Whether a command is typed that a plugin of somebody else's brings along. */
function isForeignCommand(argv: readonly string[], {commands}: Config): boolean {
  const typed = `${argv.join(':')}:`
  return commands.some(
    ({id, aliases, pluginType}) =>
      (pluginType === 'user' || pluginType === 'link') &&
      [id, ...aliases].some(name => typed.startsWith(`${name}:`)),
  )
}

async function argumentsFor(argv: readonly string[], {dataDir}: Config): Promise<string[]> {
  if (argv[0] !== pluginsTopic) {
    return [...argv]
  }

  const {pluginArguments} = await import('./plugin-arguments.js')
  return await pluginArguments(argv, dataDir)
}

/** Tells of what keeps a command from being run at all. */
async function fail(error: unknown, json: boolean): Promise<void> {
  if (error instanceof VmrunError) {
    const [{exitCodeOf}, {showError}] = await Promise.all([
      import('./exit-codes.js'),
      import('./show-error.js'),
    ])
    process.exitCode = exitCodeOf(error)
    showError(error, json)
    return
  }

  await handle(error instanceof Error ? error : new Error(String(error)))
}

/** Has the exit code of what oclif fails with, of its own commands for one, be the result. */
function settleOclifsExit(): void {
  const {exit} = Exit
  Exit.exit = code => {
    settleUnlessSettled(code ?? 0)
    return exit(code)
  }
}

function settleUnlessSettled(code: number): void {
  if (!isExitSettled()) {
    settleExit(code)
  }
}

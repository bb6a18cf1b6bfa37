import {existsSync, readFileSync} from 'node:fs'
import type {Command, Interfaces} from '@oclif/core'
import {Config, Plugin} from '@oclif/core/config'
import {pathIn} from '../host/path-in.js'
import type {FailedPlugin} from '../plugins/loaded-plugin.js'

/** Loads one of vmrun's own commands; undefined for all else that can be typed. */
export type LoadCommand = (id: string) => {readonly default: Command.Class} | undefined

/** Oclif hands them on to each configuration that it makes of another. */
interface QuietOptions extends Interfaces.Options {
  readonly failed?: readonly FailedPlugin[]
}

/** Oclif's configuration, without words of its own. */
export class QuietConfig extends Config {
  /** What oclif cannot load it warns of, in a dozen lines: the registry tells of it in one. */
  protected override warned = true
  /** Nobody asked for oclif's log, for which it would load further modules. */
  readonly logger = process.env['DEBUG'] ? undefined : silentLogger('oclif')

  constructor(options: QuietOptions) {
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

/** With all plugins, but those that others could have written: oclif would run what they hold. */
export async function wholeConfig(root: string): Promise<QuietConfig> {
  const own = new QuietConfig({root, userPlugins: false})
  await own.load()
  const {installedPlugins} = await import('../plugins/installed-plugins.js')
  const installed = await installedPlugins(own.dataDir)
  const failed = installed.filter(plugin => 'failure' in plugin)
  const loaded = installed.filter(plugin => plugin instanceof Plugin)
  const plugins = [...loaded, ...own.plugins.values()].map(plugin => [plugin.name, plugin] as const)
  const config = new QuietConfig({root, plugins: new Map(plugins), failed})
  await config.load()
  return config
}

/** Whether what is typed asks for help, and for nothing else. */
export function asksForHelp(argv: readonly string[]): boolean {
  return argv.some(word => word === '--help' || word === '-h')
}

/** The plugins that were installed or linked and that cannot be loaded: oclif knows nothing of them. */
export function failedIn(config: Interfaces.Config): readonly FailedPlugin[] {
  const {failed = []}: Partial<QuietOptions> = config instanceof Config ? config.options : {}
  return failed
}

/**
 * For one of vmrun's own commands where no plugin is installed: nothing has to be looked for then, and no package loaded
 * that holds other commands.
 *
 * @param root the directory of vmrun's package
 * @returns undefined where it takes more than that
 */
export async function configForOwn(
  [id = '', ...rest]: readonly string[],
  root: string,
  loadCommand: LoadCommand,
): Promise<QuietConfig | undefined> {
  const command = asksForHelp(rest) ? undefined : loadCommand(id)?.default
  if (command === undefined) {
    return
  }

  const pjson: Plugin['pjson'] = JSON.parse(readFileSync(pathIn(root, 'package.json'), 'utf8'))
  const {name, version} = pjson
  const plugin = new Plugin({root, name, pjson, isRoot: true})
  const {aliases, args, flags, hasDynamicHelp, hidden, hiddenAliases} = command
  const load = async (): Promise<Command.Class> => Object.assign(command, {id, plugin})
  const hooks = Object.entries(pjson.oclif.hooks ?? {}).map(([event, hook]) => [event, [hook].flat()])
  // As it is when oclif has loaded it, which would read the manifest for that, and wait.
  Object.assign(plugin, {
    ...{name, version, root, pjson, type: 'core', moduleType: 'module', isRoot: true, commandIDs: [id]},
    hooks: Object.fromEntries(hooks),
    commands: [{id, aliases, args, flags, hasDynamicHelp, hidden, hiddenAliases, load}],
  })
  const config = new QuietConfig({root, plugins: new Map([[plugin.name, plugin]])})
  await config.load()
  return existsSync(pathIn(config.dataDir, 'package.json')) ? undefined : config
}

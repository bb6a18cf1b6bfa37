import type {Interfaces} from '@oclif/core'
import {isRecord} from '../contract/json-value.js'
import type {Plugin} from '../contract/plugin.js'
import {codeOf, HostError, messageOf, VmrunError} from '../errors/errors.js'
import {withinLimit} from '../time/timer.js'
import {demandDefinition} from './definition.js'
import type {FailedPlugin, LoadedPlugin} from './loaded-plugin.js'

/** The hook by which a package contributes to vmrun. */
const hook = 'vmrun:plugin'

/** How long a plugin may take to load, in milliseconds. */
const loadLimit = 5000

/** The packages that a user has installed or linked. */
export function foreignPlugins({plugins}: Pick<Interfaces.Config, 'plugins'>): readonly Interfaces.Plugin[] {
  return Array.from(plugins.values()).filter(({type}) => type === 'user' || type === 'link')
}

/**
 * Loads what packages contribute, side by side. One that fails, whatever it does, keeps no other from being loaded. Oclif's
 * own `runHook` limits the time of the hook, but not that of loading its module, and tells nobody what it found.
 *
 * A package that names no module for the hook does so by a slip of the pen as a rule, but for one with commands of its
 * own: that is a plugin of oclif's, which vmrun has nothing to say about.
 */
export async function loadPlugins(
  plugins: readonly Interfaces.Plugin[],
): Promise<ReadonlyArray<LoadedPlugin | FailedPlugin>> {
  return await Promise.all(
    plugins
      .filter(({hooks, commands}) => hooks[hook] !== undefined || commands.length === 0)
      .flatMap(plugin => (plugin.hooks[hook] ?? [undefined]).map(named => loadPlugin(plugin, named))),
  )
}

type NamedModule = Interfaces.Plugin['hooks'][string][number]

async function loadPlugin(
  plugin: Interfaces.Plugin,
  named: NamedModule | undefined,
): Promise<LoadedPlugin | FailedPlugin> {
  const found = {name: plugin.name, version: plugin.version, isOwn: false}
  try {
    return {...found, definition: await definitionOf(plugin, named)}
  } catch (error) {
    // What Node adds below, such as the chain of modules, is for the plugin's author.
    const message = messageOf(error).trim().split('\n', 1).join('').trimEnd() || 'it does not say why'
    const hint = error instanceof VmrunError ? error.hint : undefined
    return {...found, failure: {message, hint, cause: error}}
  }
}

async function definitionOf(plugin: Interfaces.Plugin, named: NamedModule | undefined): Promise<Plugin> {
  if (named === undefined) {
    throw new HostError(`its package.json names no module for the hook "${hook}"`, {
      hint: `Its author: "oclif": {"hooks": {"${hook}": "./dist/plugin.js"}}`,
    })
  }

  const given = await withinLimit(loadLimit, async () => {
    const exported = await loadExport(plugin, named)
    return typeof exported === 'function' ? await exported() : undefined
  })
  demandDefinition(given)
  return given
}

/** What oclif writes before Node's own words, which name the file. */
const prefix = /^\[MODULE_NOT_FOUND\] (?:import\(\)|require) failed to load .*?: (?=Cannot find )/su

/** @throws HostError when the module is not there, or another one that it needs; else what the module throws */
async function loadExport(plugin: Interfaces.Plugin, {target, identifier}: NamedModule): Promise<unknown> {
  try {
    const {ModuleLoader} = await import('@oclif/core')
    const module: unknown = await ModuleLoader.load(plugin, target)
    // A CommonJS module may be the export itself.
    const isFunction = typeof module === 'function'
    const found: unknown = isRecord(module) || isFunction ? Reflect.get(module, identifier) : undefined
    return found === undefined && isFunction ? module : found
  } catch (error) {
    throw codeOf(error) === 'MODULE_NOT_FOUND'
      ? new HostError(messageOf(error).replace(prefix, ''), {
          cause: error,
          hint: `Its author: build it (npm run build), install what it needs, or mend the path of the hook "${hook}".`,
        })
      : error
  }
}

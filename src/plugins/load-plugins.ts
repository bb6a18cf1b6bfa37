import {VmrunError} from '../errors.js'
import {messageOf} from '../thrown.js'
import {withinLimit} from '../within-limit.js'
import {foreignApiVersion} from './api-version.js'
import {checkDefinition} from './definition-schema.js'
import type {FailedPlugin, LoadedPlugin, PluginPackage} from './loaded-plugin.js'

/** A package that names a module for the hook, which is not loaded yet. */
export interface PluginSource extends PluginPackage {
  /** Loads the module. @returns what it exports for the hook */
  readonly load: () => Promise<unknown>
}

/** How long a plugin may take to load, in milliseconds. */
const loadLimit = 5000

/** Loads plugins side by side. One that fails, whatever it does, keeps no other from being loaded. */
export async function loadPlugins(
  sources: readonly PluginSource[],
): Promise<ReadonlyArray<LoadedPlugin | FailedPlugin>> {
  return await Promise.all(sources.map(loadPlugin))
}

async function loadPlugin({load, ...found}: PluginSource): Promise<LoadedPlugin | FailedPlugin> {
  try {
    const definition = await withinLimit(loadLimit, async () => await callHook(await load()))
    const foreign = foreignApiVersion(definition, found)
    if (foreign !== undefined) {
      return {...found, failure: foreign}
    }

    const checked = checkDefinition(definition)
    return 'faults' in checked
      ? {...found, failure: {message: checked.faults.join('; ')}}
      : {...found, definition: checked.definition}
  } catch (error) {
    const hint = error instanceof VmrunError ? error.hint : undefined
    return {...found, failure: {message: firstLine(messageOf(error)), hint}}
  }
}

async function callHook(hook: unknown): Promise<unknown> {
  return typeof hook === 'function' ? await hook() : undefined
}

/** What Node adds below, such as the chain of modules, is for the plugin's author, who sees it by importing the module. */
function firstLine(text: string): string {
  return text.trim().split('\n', 1).join('').trimEnd() || 'it does not say why'
}

import {isRecord} from '../contract/json-value.js'
import type {Plugin} from '../contract/plugin.js'
import {VmrunError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {withinLimit} from '../time/within-limit.js'
import type {FailedPlugin, LoadedPlugin, PluginFault, PluginPackage} from './loaded-plugin.js'

/** A package that names a module for the hook, which is not loaded yet. */
export interface PluginSource extends PluginPackage {
  /** Loads the module. @returns what it exports for the hook */
  readonly load: () => Promise<unknown>
}

/** The version of the contract in contract.ts. */
const apiVersion = 1

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

    if (isOwnDefinition(definition, found)) {
      return {...found, definition}
    }

    const {checkDefinition} = await import('./definition-schema.js')
    const checked = checkDefinition(definition)
    return 'faults' in checked
      ? {...found, failure: {message: checked.faults.join('; ')}}
      : {...found, definition: checked.definition}
  } catch (error) {
    const hint = error instanceof VmrunError ? error.hint : undefined
    return {...found, failure: {message: firstLine(messageOf(error)), hint}}
  }
}

/** That vmrun's own definition holds its tests say, so that a vmrun without plugins loads nothing to check it by. */
function isOwnDefinition(_: unknown, {isOwn}: PluginPackage): _ is Plugin {
  return isOwn
}

async function callHook(hook: unknown): Promise<unknown> {
  return typeof hook === 'function' ? await hook() : undefined
}

/** What Node adds below, such as the chain of modules, is for the plugin's author, who sees it by importing the module. */
function firstLine(text: string): string {
  return text.trim().split('\n', 1).join('').trimEnd() || 'it does not say why'
}

/** Why a plugin's definition cannot be read as one of this contract's version; undefined where it can. */
function foreignApiVersion(definition: unknown, {needs}: PluginPackage): PluginFault | undefined {
  if (!isRecord(definition)) {
    return {
      message: 'its hook gives no definition',
      hint: "Its author: export default definePlugin({apiVersion: 1, …}) from the module of the hook 'vmrun:plugin'.",
    }
  }

  const {apiVersion: found} = definition
  if (found === apiVersion) {
    return
  }

  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1) {
    return {message: `apiVersion: expected ${apiVersion}`}
  }

  return {
    message: `it is written for version ${found} of vmrun's plugin interface, and this vmrun has version ${apiVersion}`,
    hint: `Install a newer vmrun${needs === undefined ? '' : ` (the plugin asks for ${needs})`}, or an older version of the plugin.`,
  }
}

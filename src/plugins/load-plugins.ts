import path from 'node:path'
import type {Interfaces} from '@oclif/core'
import {isRecord} from '../contract/json-value.js'
import {codeOf, HostError, messageOf, VmrunError} from '../errors/errors.js'
import {withinLimit} from '../time/timer.js'
import {checkDefinition} from './definition.js'
import type {FailedPlugin, LoadedPlugin, PluginFailure, PluginPackage} from './loaded-plugin.js'

/** The hook by which a package contributes to vmrun. */
export const hook = 'vmrun:plugin'

/** A package that names a module for the hook, which is not loaded yet. */
export interface PluginSource extends PluginPackage {
  /** Loads the module. @returns what it exports for the hook */
  readonly load: () => Promise<unknown>
}

/** The version of the contract in contract/. */
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
    const foreign = foreignContract(definition, found)
    const checked = foreign === undefined ? checkDefinition(definition) : undefined
    return checked !== undefined && 'definition' in checked
      ? {...found, ...checked}
      : {...found, failure: foreign ?? {message: checked?.problem ?? ''}}
  } catch (error) {
    const hint = error instanceof VmrunError ? error.hint : undefined
    return {...found, failure: {message: firstLine(messageOf(error)), hint, cause: error}}
  }
}

async function callHook(exported: unknown): Promise<unknown> {
  return typeof exported === 'function' ? await exported() : undefined
}

/** What Node adds below, such as the chain of modules, is for the plugin's author. */
function firstLine(text: string): string {
  return text.trim().split('\n', 1).join('').trimEnd() || 'it does not say why'
}

/** Why nothing that the hook gave can be one of this contract's definitions; undefined where it can. */
function foreignContract(definition: unknown, {needs}: PluginPackage): PluginFailure | undefined {
  if (!isRecord(definition)) {
    return {
      message: 'its hook gives no definition',
      hint: `Its author: export default definePlugin({apiVersion: 1, …}) from the module of the hook '${hook}'.`,
    }
  }

  const {apiVersion: version} = definition
  return typeof version === 'number' && version > apiVersion
    ? {
        message: `it is written for version ${version} of vmrun's plugin interface, and this vmrun has version ${apiVersion}`,
        hint: `Install a newer vmrun${needs === undefined ? '' : ` (the plugin asks for ${needs})`}, or an older version of the plugin.`,
      }
    : undefined
}

/** What oclif writes before Node's own words, which name the file. */
const prefix = /^\[MODULE_NOT_FOUND\] (?:import\(\)|require) failed to load .*?: (?=Cannot find )/su

/**
 * Loads what a package names for the hook.
 *
 * @param target the module, and the export of it, as its package.json names them
 * @throws HostError when the module is not there, or another one that it needs; else what the module throws
 */
export async function loadHook(
  plugin: Interfaces.Plugin,
  target: string,
  identifier: string,
): Promise<unknown> {
  try {
    const {ModuleLoader} = await import('@oclif/core')
    return exportOf(await ModuleLoader.load(plugin, target), identifier)
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') {
      throw error
    }

    const file = path.resolve(plugin.root, target)
    const why = messageOf(error).replace(prefix, '')
    throw why.startsWith(`Cannot find module '${file}`)
      ? new HostError(`${file}, which its hook "${hook}" names, does not exist`, {
          cause: error,
          hint: 'Its author: build it (npm run build), or mend the path in package.json.',
        })
      : new HostError(why, {cause: error})
  }
}

/** A CommonJS module may be the export itself. */
function exportOf(module: unknown, identifier: string): unknown {
  const found = isRecord(module) || typeof module === 'function' ? Reflect.get(module, identifier) : undefined
  return found === undefined && typeof module === 'function' ? module : found
}

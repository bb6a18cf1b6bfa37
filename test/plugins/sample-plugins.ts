import type {Plugin} from '../../src/contract/plugin.js'
import {builtIn} from '../../src/plugins/built-in.js'
import type {LoadedPlugin} from '../../src/plugins/loaded-plugin.js'
import {Registry} from '../../src/plugins/registry.js'

/** A plugin of somebody else's that was loaded. */
export function loadedPlugin(name: string, definition: Omit<Plugin, 'apiVersion'>): LoadedPlugin {
  return {name, version: '1.0.0', isOwn: false, definition: {apiVersion: 1, ...definition}}
}

/** What vmrun brings along, or a part of it. */
export function ownPlugin(definition: Partial<Plugin> = {}): LoadedPlugin {
  return {...loadedPlugin('vmrun', {...builtIn, ...definition}), isOwn: true}
}

/** What instances can name where nobody else contributes anything. */
export const ownRegistry = new Registry([ownPlugin()])

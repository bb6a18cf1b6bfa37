import type {Plugin} from '../contract/plugin.js'

/** What the module that a package names for the hook `vmrun:plugin` exports by default. */
export type PluginHook = () => Promise<Plugin>

/** Makes the default export of a plugin's module. */
export function definePlugin(plugin: Plugin): PluginHook {
  return async () => plugin
}

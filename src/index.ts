/** What a plugin is written with. Its contract is in contract/. */
import type {Plugin} from './contract/plugin.js'

export {z} from 'zod'
export type * from './contract/architecture.js'
export type * from './contract/config-disk.js'
export type {StepEvent, StopCause, Verdict} from './contract/events.js'
export type {ConfigDiskChoice, Instance} from './contract/instance.js'
export type {JsonObject, JsonValue} from './contract/json-value.js'
export type * from './contract/machine.js'
export type * from './contract/plugin.js'
export type * from './contract/run.js'
export type * from './contract/step.js'
export {GuestError, HostError, UsageError} from './errors/errors.js'

/** What the module that a package names for the hook `vmrun:plugin` exports by default. */
export type PluginHook = () => Promise<Plugin>

/** Makes the default export of a plugin's module. */
export function definePlugin(plugin: Plugin): PluginHook {
  return async () => plugin
}

/** What a plugin is written with. Its contract is in contract.ts. */
export {z} from 'zod'
export type * from './contract.js'
export {GuestError, HostError, UsageError} from './errors.js'
export type {ConfigDiskChoice, Instance, JsonObject, JsonValue} from './instances/instance.js'
export type {StepEvent} from './pipeline/events.js'
export type {StopCause} from './pipeline/stop-request.js'
export type {Verdict} from './pipeline/verdict.js'
export {definePlugin, type PluginHook} from './plugins/define-plugin.js'

import type {Plugin} from '../contract/plugin.js'

/** A package that was installed or linked to contribute to vmrun, or vmrun itself. */
interface PluginPackage {
  readonly name: string
  /** Undefined where nothing tells it. */
  readonly version?: string
  /** Whether it is vmrun itself. */
  readonly isOwn: boolean
}

/** A plugin that was loaded, and all of which holds. */
export interface LoadedPlugin extends PluginPackage {
  readonly definition: Plugin
}

/** A plugin that adds nothing, and why. */
export interface FailedPlugin extends PluginPackage {
  readonly failure: PluginFailure
}

/** What is wrong with a plugin. */
export interface PluginFailure {
  readonly message: string
  readonly hint?: string | undefined
  /** What the plugin threw. */
  readonly cause?: unknown
}

/** Something that some plugins do not contribute, although they would. */
export interface PluginProblem extends PluginFailure {
  /** The names of the plugins. */
  readonly plugins: readonly string[]
}

/** A plugin that failed, as a problem. */
export function failureProblem({name, version = '', failure}: FailedPlugin): PluginProblem {
  return {
    plugins: [name],
    message: `plugin ${`${name} ${version}`.trimEnd()} could not be loaded: ${failure.message}`,
    hint: failure.hint ?? `Mend it, or remove it: vmrun plugins uninstall ${name}`,
    cause: failure.cause,
  }
}

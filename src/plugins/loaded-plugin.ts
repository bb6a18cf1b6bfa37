import type {Plugin} from '../contract/plugin.js'

/** A package that names a module for the hook `vmrun:plugin`. */
export interface PluginPackage {
  readonly name: string
  readonly version: string
  /** Whether it is vmrun itself. */
  readonly isOwn: boolean
  /** How it came here: `user` (installed), `link` (linked), or `core` (it belongs to vmrun). */
  readonly type: string
  /** Which vmrun it says that it needs, as a range of versions. */
  readonly needs?: string | undefined
}

/** A plugin that was loaded, and all of which holds. */
export interface LoadedPlugin extends PluginPackage {
  readonly definition: Plugin
}

/** A plugin that adds nothing, and why. */
export interface FailedPlugin extends PluginPackage {
  readonly failure: PluginFault
}

/** What is wrong with a plugin. */
export interface PluginFault {
  /** What comes of it, in words that go on from the plugin's name. */
  readonly outcome?: 'could not be loaded' | 'adds nothing'
  readonly message: string
  readonly hint?: string | undefined
}

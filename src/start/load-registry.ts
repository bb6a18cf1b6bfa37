import type {Interfaces} from '@oclif/core'
import {builtIn} from '../plugins/built-in.js'
import {linkOwnPackage} from '../plugins/installed-plugins.js'
import {foreignPlugins, loadPlugins} from '../plugins/load-plugins.js'
import {Registry} from '../plugins/registry.js'
import {surviveStrayErrors} from './foreign-code.js'
import {failedIn} from './oclif-config.js'
import {showTraces, warn} from './show-error.js'

/**
 * Loads every plugin that is installed here, vmrun's own among them.
 *
 * @param onStrayError is told from now on of what a plugin throws where nobody waits for it
 */
export async function loadRegistry(
  config: Interfaces.Config,
  onStrayError: (text: string) => void = warn,
): Promise<Registry> {
  const plugins = foreignPlugins(config)
  if (plugins.length > 0) {
    surviveStrayErrors(plugins, config.root, onStrayError)
  }

  if (plugins.some(({type}) => type === 'user')) {
    await linkOwnPackage(config.dataDir, config.root)
  }

  return new Registry([
    {name: config.name, version: config.version, isOwn: true, definition: builtIn},
    ...(await loadPlugins(plugins)),
    ...failedIn(config),
  ])
}

/** Says what plugins fail to contribute. */
export function warnOfPlugins({problems}: Registry): void {
  for (const {message, hint, cause} of problems) {
    warn(`${message}${hint === undefined ? '' : ` (${hint})`}`)
    showTraces(cause)
  }
}

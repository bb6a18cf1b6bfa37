import type {Interfaces} from '@oclif/core'
import {isRecord} from '../contract/json-value.js'
import {loadModule} from './load-module.js'
import type {PluginSource} from './load-plugins.js'

/** The hook by which a package contributes to vmrun. */
export const hook = 'vmrun:plugin'

/**
 * The packages among oclif's plugins that name a module for the hook; vmrun itself is one of them. Oclif's own
 * `runHook` limits the time of the hook, but not that of loading its module, and tells nobody what it found.
 */
export function hookedPlugins({plugins}: Pick<Interfaces.Config, 'plugins'>): readonly PluginSource[] {
  return Array.from(plugins.values()).flatMap(plugin =>
    (plugin.hooks[hook] ?? []).map(({target, identifier}) => ({
      name: plugin.name,
      version: plugin.version,
      isOwn: plugin.isRoot,
      type: plugin.type,
      needs: neededVmrun(plugin.pjson),
      load: async () => exportOf(await loadModule(plugin, hook, target), identifier),
    })),
  )
}

/** A CommonJS module may be the export itself. */
function exportOf(module: unknown, identifier: string): unknown {
  const found = isRecord(module) || typeof module === 'function' ? Reflect.get(module, identifier) : undefined
  return found === undefined && typeof module === 'function' ? module : found
}

function neededVmrun(manifest: object): string | undefined {
  const peers: unknown = Reflect.get(manifest, 'peerDependencies')
  const range = isRecord(peers) ? peers['vmrun'] : undefined
  return typeof range === 'string' ? range : undefined
}

import type {Interfaces} from '@oclif/core'
import {absentPlugins} from '../plugins/absent-plugins.js'
import {hookedPlugins} from '../plugins/hooked-plugins.js'
import {hooklessPlugins} from '../plugins/hookless-plugins.js'
import {loadPlugins} from '../plugins/load-plugins.js'
import {linkOwnPackage} from '../plugins/own-package-link.js'
import {Registry} from '../plugins/registry.js'
import {keepCompiled} from './keep-compiled.js'

/** Loads every plugin that is installed here, vmrun's own among them. */
export async function loadRegistry(config: Interfaces.Config): Promise<Registry> {
  const found = hookedPlugins(config)
  if (found.some(({isOwn}) => !isOwn)) {
    keepCompiled(process.env)
  }

  if (found.some(({type}) => type === 'user')) {
    await linkOwnPackage(config.dataDir, config.root)
  }

  return new Registry([
    ...(await loadPlugins(found.map(source => (source.isOwn ? {...source, load: loadOwn} : source)))),
    ...hooklessPlugins(config),
    ...(await absentPlugins(config)),
  ])
}

/** The same as what package.json names, which is part of the code that runs already. */
async function loadOwn(): Promise<unknown> {
  const {builtInPlugin} = await import('../plugins/built-in.js')
  return builtInPlugin
}

import {readlink, rename, rm, symlink} from 'node:fs/promises'
import type {Interfaces} from '@oclif/core'
import {isRecord} from '../contract/json-value.js'
import {codeOf} from '../errors/errors.js'
import {pathIn} from '../host/path-in.js'
import {hook, loadHook, type PluginSource} from './load-plugins.js'
import type {FailedPlugin} from './loaded-plugin.js'

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
      load: () => loadHook(plugin, target, identifier),
    })),
  )
}

function neededVmrun(manifest: object): string | undefined {
  const peers: unknown = Reflect.get(manifest, 'peerDependencies')
  const range = isRecord(peers) ? peers['vmrun'] : undefined
  return typeof range === 'string' ? range : undefined
}

/**
 * The packages that a user has installed or linked and that name no module for the hook, for a slip of the pen as a
 * rule. One with commands of its own is a plugin of oclif's, which vmrun has nothing to say about.
 */
export function hooklessPlugins({plugins}: Pick<Interfaces.Config, 'plugins'>): readonly FailedPlugin[] {
  return Array.from(plugins.values())
    .filter(({type}) => type === 'user' || type === 'link')
    .filter(({hooks, commands}) => hooks[hook] === undefined && commands.length === 0)
    .map(({name, version, type}) => ({
      ...{name, version, isOwn: false, type},
      failure: {
        message: `its package.json names no module for the hook "${hook}"`,
        hint: `Its author: "oclif": {"hooks": {"${hook}": "./dist/plugin.js"}}`,
      },
    }))
}

/**
 * Lets installed plugins find this very vmrun when they import it: by a link beside them, as a package manager would
 * put another vmrun there, or none. The package manager may remove it again whenever it installs something.
 *
 * @param directory where the plugins are installed; nothing is done where there are none
 * @param root the directory of vmrun's package
 */
export async function linkOwnPackage(directory: string, root: string): Promise<void> {
  const link = pathIn(directory, 'node_modules/vmrun')
  // What is there and no link is another vmrun, which somebody has installed: it stays.
  const found = await readlink(link).catch((error: unknown) =>
    codeOf(error) === 'ENOENT' ? undefined : root,
  )
  if (found === root) {
    return
  }

  // Of several that do so at once, each leaves a whole link. Package managers take what begins with a dot for none of theirs.
  const draft = pathIn(directory, `node_modules/.vmrun-${process.pid}-${performance.now()}`)
  try {
    await symlink(root, draft)
    await rename(draft, link)
  } catch {
    // Where plugins are somebody else's, that one's vmrun makes the link; else the plugin's own error tells.
  } finally {
    await rm(draft, {force: true})
  }
}

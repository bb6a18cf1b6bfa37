import {Plugin} from '@oclif/core/config'
import {demandTrustedPlugin, type ListedPlugin, listedPlugins} from '../plugins/listed-plugins.js'

/**
 * Loads the plugins that were installed or linked, as far as oclif does: what they hold, and their commands where no
 * manifest tells of them. What cannot be loaded, and what others could have written, is left out; the registry tells.
 *
 * @param directory where plugins are kept
 */
export async function loadListedPlugins(directory: string): Promise<readonly Plugin[]> {
  try {
    return (await Promise.all(listedPlugins(directory).map(load))).flat()
  } catch {
    return []
  }
}

async function load({name, root, type}: ListedPlugin): Promise<readonly Plugin[]> {
  try {
    demandTrustedPlugin(root)
    // Of an installed one oclif would look for the directory, also where others might put one.
    const plugin = new Plugin({name, root, type: 'link'})
    await plugin.load()
    plugin.type = type
    return [plugin]
  } catch {
    return []
  }
}

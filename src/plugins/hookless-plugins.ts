import type {Interfaces} from '@oclif/core'
import {hook} from './hooked-plugins.js'
import type {FailedPlugin} from './loaded-plugin.js'

/**
 * The packages that a user has installed or linked and that name no module for the hook, for a slip of the pen as a
 * rule. One with commands of its own is a plugin of oclif's, which vmrun has nothing to say about.
 */
export function hooklessPlugins({plugins}: Pick<Interfaces.Config, 'plugins'>): readonly FailedPlugin[] {
  return Array.from(plugins.values())
    .filter(({type}) => type === 'user' || type === 'link')
    .filter(({hooks, commands}) => hooks[hook] === undefined && commands.length === 0)
    .map(({name, version, type}) => ({
      name,
      version,
      isOwn: false,
      type,
      failure: {
        outcome: 'adds nothing',
        message: `its package.json names no module for the hook "${hook}"`,
        hint: `Its author: "oclif": {"hooks": {"${hook}": "./dist/plugin.js"}}`,
      },
    }))
}

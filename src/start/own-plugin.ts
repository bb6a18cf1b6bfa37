import {readFileSync} from 'node:fs'
import path from 'node:path'
import type {Command} from '@oclif/core'
import {Plugin} from '@oclif/core/config'

type PackageJson = Plugin['pjson']
type Hooks = Plugin['hooks']

/**
 * vmrun's own package as oclif knows it, with the one command that is to be run. Oclif itself would read the manifest,
 * and load the packages that hold other commands.
 *
 * @param root the directory of the package
 */
export function ownPlugin(root: string, id: string, command: Command.Class): Plugin {
  const pjson: PackageJson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const {name, version} = pjson
  const plugin = new Plugin({root, name, pjson, isRoot: true})
  return Object.assign(plugin, {
    ...{
      name,
      alias: name,
      version,
      root,
      pjson,
      type: 'core',
      moduleType: 'module',
      isRoot: true,
      valid: true,
    },
    hooks: hooksIn(pjson),
    commandIDs: [id],
    commands: [loadable(plugin, id, command)],
  })
}

function hooksIn({oclif: {hooks = {}}}: PackageJson): Hooks {
  return Object.fromEntries(
    Object.entries(hooks).map(([event, hook]) => [
      event,
      [hook]
        .flat()
        .map(named => (typeof named === 'string' ? {target: named, identifier: 'default'} : named)),
    ]),
  )
}

function loadable(plugin: Plugin, id: string, command: Command.Class): Command.Loadable {
  const {aliases, args, deprecateAliases, flags, hasDynamicHelp, hidden, hiddenAliases} = command
  command.id = id
  command.plugin = plugin
  return {
    ...{id, aliases, args, flags, hasDynamicHelp, hidden, hiddenAliases},
    ...(deprecateAliases !== undefined && {deprecateAliases}),
    load: async () => command,
  }
}

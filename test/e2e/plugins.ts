import {cp, mkdir, readFile, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {Host} from './host.js'

/** A package that contributes to vmrun. */
export interface PluginPackage {
  readonly name: string
  /** Its module, which may import `vmrun`. */
  readonly module: string
  /** `link`: a directory of its author's, beside which nobody puts a vmrun. Default: `user`, as if it was installed. */
  readonly type?: 'user' | 'link'
  /** What its package.json says beside the hook. */
  readonly manifest?: object
}

/** A module of the members of a definition. */
export function moduleOf(members: string): string {
  return `import {definePlugin, GuestError, HostError, UsageError, z} from 'vmrun'
export default definePlugin({apiVersion: 1, ${members}})
`
}

/** Puts plugins on a host as oclif does, in its data directory. */
export async function installPlugins(host: Host, ...plugins: readonly PluginPackage[]): Promise<void> {
  const data = host.path('data', 'vmrun')
  host.environment['XDG_DATA_HOME'] = host.path('data')
  await mkdir(path.join(data, 'node_modules'), {recursive: true})
  await Promise.all(plugins.map(plugin => writePackage(host, plugin)))
  await writeFile(
    path.join(data, 'package.json'),
    JSON.stringify({
      private: true,
      oclif: {
        schema: 1,
        plugins: plugins.map(({name, type = 'user'}) =>
          type === 'user' ? {name, tag: 'latest', type} : {name, type, root: rootOf(host, {name, type})},
        ),
      },
      dependencies: Object.fromEntries(plugins.map(({name}) => [name, '1.0.0'])),
    }),
  )
}

function rootOf(host: Host, {name, type}: Pick<PluginPackage, 'name' | 'type'>): string {
  return type === 'link' ? host.path('authors', name) : host.path('data', 'vmrun', 'node_modules', name)
}

async function writePackage(host: Host, {manifest, module, ...plugin}: PluginPackage): Promise<void> {
  const root = rootOf(host, plugin)
  await mkdir(root, {recursive: true})
  await writeFile(
    path.join(root, 'package.json'),
    JSON.stringify({
      name: plugin.name,
      version: '1.0.0',
      type: 'module',
      oclif: {hooks: {'vmrun:plugin': './plugin.js'}},
      ...manifest,
    }),
  )
  await writeFile(path.join(root, 'plugin.js'), module)
}

/** Gives a linked plugin a vmrun of its own: another copy, as a package manager would have put it there. */
export async function giveOwnCopy(host: Host, name: string): Promise<void> {
  const source = new URL('../../', import.meta.url).pathname
  const modules = path.join(rootOf(host, {name, type: 'link'}), 'node_modules')
  const copy = path.join(modules, 'vmrun')
  await mkdir(copy, {recursive: true})
  await writeFile(path.join(copy, 'package.json'), await readFile(path.join(source, 'package.json')))
  await cp(path.join(source, 'dist'), path.join(copy, 'dist'), {recursive: true})
  await symlink(path.join(source, 'node_modules', 'zod'), path.join(modules, 'zod'))
}

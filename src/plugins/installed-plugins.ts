import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {Plugin} from '@oclif/core/config'
import {isRecord} from '../contract/json-value.js'
import {messageOf, UsageError} from '../errors/errors.js'
import {pathIn} from '../host/path-in.js'
import {askedAs, trustedPath} from '../host/trusted.js'
import type {FailedPlugin, PluginFailure} from './loaded-plugin.js'

/** A plugin that was installed or linked. */
interface ListedPlugin {
  readonly name: string
  readonly type: 'user' | 'link'
  /** Its package's directory. */
  readonly root: string
}

/** The plugins that were installed or linked. */
export interface InstalledPlugins {
  /** As far as oclif loads them: what they hold, and their commands where no manifest tells of them. */
  readonly loaded: readonly Plugin[]
  /** What cannot be loaded, and what others could have written. */
  readonly failed: readonly FailedPlugin[]
}

/**
 * Loads the plugins that `vmrun plugins` keeps a list of.
 *
 * @param directory where they are kept
 */
export async function installedPlugins(directory: string): Promise<InstalledPlugins> {
  try {
    const plugins = await Promise.all(listedPlugins(directory).map(loadListed))
    return {
      loaded: plugins.flatMap(plugin => ('failure' in plugin ? [] : [plugin])),
      failed: plugins.flatMap(plugin => ('failure' in plugin ? [plugin] : [])),
    }
  } catch (error) {
    // Nobody knows then what was installed, so whatever is not known may be in it.
    const all = {name: '(all that are installed)', type: 'user'} as const
    const unreadable = {
      message: `${pathIn(directory, 'package.json')}: ${messageOf(error)}`,
      hint: 'Mend the file; or delete it, and install the plugins anew.',
    }
    return {loaded: [], failed: [failed(all, error instanceof UsageError ? error : unreadable)]}
  }
}

async function loadListed({name, root, type}: ListedPlugin): Promise<Plugin | FailedPlugin> {
  try {
    demandTrustedPlugin(root)
    // Of an installed one oclif would look for the directory, also where others might put one.
    const plugin = new Plugin({name, root, type: 'link'})
    await plugin.load()
    plugin.type = type
    return plugin
  } catch (error) {
    const file = pathIn(root, 'package.json')
    const message = existsSync(file) ? `${file}: ${messageOf(error)}` : `${file} does not exist`
    return failed({name, type}, error instanceof UsageError ? error : {message})
  }
}

function failed(plugin: Pick<ListedPlugin, 'name' | 'type'>, failure: PluginFailure): FailedPlugin {
  return {...plugin, version: '(of unknown version)', isOwn: false, failure}
}

const ofOnesOwn =
  'Run vmrun with a HOME of your own (sudo -H), or name a directory of your own with VMRUN_DATA_DIR.'

/** @throws UsageError where others could have written the list; what cannot be read of it */
function listedPlugins(directory: string): readonly ListedPlugin[] {
  if (!existsSync(path.join(directory, 'package.json'))) {
    return []
  }

  const file = trustedPluginList(directory)
  const list: unknown = file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'))
  const listed = valueAt(list, 'oclif', 'plugins')
  return (Array.isArray(listed) ? listed.filter(isRecord) : []).flatMap(
    ({name, type, root}): readonly ListedPlugin[] => {
      if (typeof name !== 'string') {
        return []
      }

      return type === 'link' && typeof root === 'string'
        ? [{name, type, root}]
        : [{name, type: 'user', root: path.join(directory, 'node_modules', name)}]
    },
  )
}

/**
 * Where the list of plugins is; undefined where there is none.
 *
 * @throws UsageError where others could have written it, or what is installed beside it, or could do so next
 */
export function trustedPluginList(directory: string): string | undefined {
  return askedAs(`the plugins directory ${directory}`, ofOnesOwn, () => {
    trustedPath(path.join(directory, 'node_modules'))
    return trustedPath(path.join(directory, 'package.json'))
  })
}

/**
 * Looks whether others could have written a plugin: what is in its package's directory, and the modules that it names.
 * What these import is looked for below the same directories.
 *
 * @param root the directory; one that is not there holds nothing
 * @throws UsageError where they could
 */
export function demandTrustedPlugin(root: string): void {
  askedAs(root, `See who it belongs to: ls -ld ${root}`, () => {
    if (trustedPath(root) !== undefined) {
      for (const name of [...readdirSync(root), ...targetsIn(path.join(root, 'package.json'))]) {
        trustedPath(path.join(root, name))
      }
    }
  })
}

/** The modules, and the directory of commands, that oclif finds by a package.json. What is wrong with it oclif tells. */
function targetsIn(file: string): readonly string[] {
  let manifest: unknown
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return []
  }

  const hooks = valueAt(manifest, 'oclif', 'hooks')
  return [valueAt(manifest, 'oclif', 'commands'), ...(isRecord(hooks) ? Object.values(hooks).flat() : [])]
    .map(named => (isRecord(named) ? named['target'] : named))
    .filter(target => typeof target === 'string')
}

function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((outer, key) => (isRecord(outer) ? outer[key] : undefined), value)
}

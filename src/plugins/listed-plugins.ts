import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {isRecord} from '../contract/json-value.js'
import {askedAs, trustedPath} from '../host/trusted.js'

/** A plugin that was installed or linked. */
export interface ListedPlugin {
  readonly name: string
  readonly type: 'user' | 'link'
  /** Its package's directory. */
  readonly root: string
}

const ofOnesOwn =
  'Run vmrun with a HOME of your own (sudo -H), or name a directory of your own with VMRUN_DATA_DIR.'

/**
 * The plugins that `vmrun plugins` keeps a list of; none where it has none.
 *
 * @param directory where they are kept
 * @throws UsageError where others could have written the list; what cannot be read of it
 */
export function listedPlugins(directory: string): readonly ListedPlugin[] {
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
    if (trustedPath(root) === undefined) {
      return
    }

    for (const name of readdirSync(root)) {
      trustedPath(path.join(root, name))
    }

    for (const target of targetsIn(path.join(root, 'package.json'))) {
      trustedPath(path.join(root, target))
    }
  })
}

/** The modules, and the directory of commands, that oclif finds by a package.json. */
function targetsIn(file: string): readonly string[] {
  const oclif = valueAt(readJsonOrNothing(file), 'oclif')
  const hooks = valueAt(oclif, 'hooks')
  return [valueAt(oclif, 'commands'), ...(isRecord(hooks) ? Object.values(hooks).flat() : [])]
    .map(named => (isRecord(named) ? named['target'] : named))
    .filter(target => typeof target === 'string')
}

/** What is wrong with it oclif tells. */
function readJsonOrNothing(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return
  }
}

function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((outer, key) => (isRecord(outer) ? outer[key] : undefined), value)
}

import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {readlink, rename, rm, symlink} from 'node:fs/promises'
import path from 'node:path'
import {Plugin} from '@oclif/core/config'
import {isRecord} from '../contract/json-value.js'
import {codeOf, messageOf, UsageError} from '../errors/errors.js'
import {pathIn} from '../host/path-in.js'
import {askedAs, trustedPath} from '../host/trusted.js'
import type {FailedPlugin, PluginFailure} from './loaded-plugin.js'

/**
 * Loads the plugins that `vmrun plugins` keeps a list of. Oclif's own loader would run what others could have written, and
 * tells of what it cannot load in a dozen lines.
 *
 * @param directory where they are kept
 * @returns each as far as oclif loads it: what it holds, and its commands where no manifest tells of them; or else why not
 */
export async function installedPlugins(directory: string): Promise<ReadonlyArray<Plugin | FailedPlugin>> {
  try {
    return await Promise.all(listedPlugins(directory).map(listed => loadListed(directory, listed)))
  } catch (error) {
    // Nobody knows then what was installed, so whatever is not known may be in it.
    const hint = 'Mend the file; or delete it, and install the plugins anew.'
    const failure = failureBy(error, {message: `${listIn(directory)}: ${messageOf(error)}`, hint})
    return [{name: '(all that are installed)', isOwn: false, failure}]
  }
}

/** A plugin as `@oclif/plugin-plugins` lists it. */
interface ListedPlugin {
  readonly name: string
  readonly type: 'user' | 'link'
  /** The directory of a linked one's package. */
  readonly root?: string
}

async function loadListed(directory: string, listed: ListedPlugin): Promise<Plugin | FailedPlugin> {
  const {name, type, root = path.join(directory, 'node_modules', name)} = listed
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
    return {name, isOwn: false, failure: failureBy(error, {message})}
  }
}

/** What is not to be trusted says all by itself. */
function failureBy(error: unknown, other: PluginFailure): PluginFailure {
  return error instanceof UsageError ? error : other
}

function listIn(directory: string): string {
  return pathIn(directory, 'package.json')
}

/** @throws UsageError where others could have written the list; what cannot be read of it */
function listedPlugins(directory: string): readonly ListedPlugin[] {
  if (!existsSync(listIn(directory))) {
    return []
  }

  demandTrustedDirectory(directory)
  const list: {readonly oclif?: {readonly plugins?: readonly ListedPlugin[]}} = JSON.parse(
    readFileSync(listIn(directory), 'utf8'),
  )
  return list.oclif?.plugins ?? []
}

/** @throws UsageError where others could have written the list of plugins, or what is installed beside it, or could do so next */
export function demandTrustedDirectory(directory: string): void {
  const ofOnesOwn =
    'Run vmrun with a HOME of your own (sudo -H), or name a directory of your own with VMRUN_DATA_DIR.'
  askedAs(`the plugins directory ${directory}`, ofOnesOwn, () => {
    trustedPath(path.join(directory, 'node_modules'))
    trustedPath(listIn(directory))
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
  try {
    const {oclif}: {readonly oclif: {readonly commands?: unknown; readonly hooks?: object}} = JSON.parse(
      readFileSync(file, 'utf8'),
    )
    return [oclif.commands, ...Object.values(oclif.hooks ?? {})]
      .flat()
      .map(named => (isRecord(named) ? named['target'] : named))
      .filter(target => typeof target === 'string')
  } catch {
    return []
  }
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

import {access, stat} from 'node:fs/promises'
import {Readable} from 'node:stream'
import {UsageError} from '../errors/errors.js'
import {placeOf} from '../host/path-in.js'
import {demandTrustedPlugin, trustedPluginList} from '../plugins/listed-plugins.js'
import {quoted} from '../text/printable.js'
import {pluginsTopic} from './boot/prepare-process.js'

/** The commands that install plugins, `vmrun plugins …`. */
const installing: ReadonlySet<string | undefined> = new Set(['install', 'add'])

const fileScheme = /^file:/u

/** What can be nothing but a file or a directory. */
const surelyPath = /^(?:\.{0,2}\/|[^:]*\.tgz$)/u

/**
 * The command line as `@oclif/plugin-plugins` understands it: a plugin that is a file, or a directory, of this host is a
 * URL there, and anything else a name in a registry.
 *
 * @param directory where plugins are kept
 * @throws UsageError when a file is named that there is not, and when others could have written what would be run
 */
export async function pluginArguments(argv: readonly string[], directory: string): Promise<string[]> {
  const [topic, command] = argv
  if (topic !== pluginsTopic) {
    return [...argv]
  }

  if (!argv.some(word => word === '--help' || word === '-h')) {
    trustedPluginList(directory)
    if (command === 'link') {
      argv
        .slice(2)
        .filter(word => !word.startsWith('-'))
        .forEach(demandTrustedPlugin)
    }
  }

  // Nothing asks its user anything. What oclif would read for a word that is missing may be the rest of a script.
  Object.defineProperty(process, 'stdin', {value: Readable.from([])})
  // What a package has npm run when it is installed would run as this user, before anybody could have looked at it.
  process.env['npm_config_ignore_scripts'] ??= 'true'
  return installing.has(command)
    ? await Promise.all(argv.map((word, index) => (index > 1 ? installable(word) : word)))
    : [...argv]
}

async function installable(typed: string): Promise<string> {
  const word = typed.replace(fileScheme, '')
  if (word.startsWith('-') || !(word.includes('/') || surelyPath.test(word))) {
    return typed
  }

  try {
    if ((await stat(word)).isDirectory()) {
      // npm makes a link to it.
      demandTrustedPlugin(word)
    }

    await access(word)
    // As npm reads it, which decodes nothing, and would simplify what is left of links and `..` in it.
    return `file:${await placeOf(word)}`
  } catch (error) {
    if (error instanceof UsageError) {
      throw error
    }

    if (surelyPath.test(word)) {
      throw new UsageError(`there is no file or directory ${quoted(word)} that could be read`, {
        hint: 'A plugin is named by the file that npm pack made of it, or by its name in a registry.',
        cause: error,
      })
    }

    return word
  }
}

import {stat} from 'node:fs/promises'
import {Readable} from 'node:stream'
import {run} from '@oclif/core/run'
import {UsageError} from '../errors/errors.js'
import {placeOf} from '../host/path-in.js'
import {demandTrustedDirectory, demandTrustedPlugin, linkOwnPackage} from '../plugins/installed-plugins.js'
import {quoted} from '../text/printable.js'
import {pluginsTopic} from './boot/prepare-process.js'
import {loadRegistry, warnOfPlugins} from './load-registry.js'
import {watchOutput} from './lost-output.js'
import {asksForHelp, type QuietConfig, wholeConfig} from './oclif-config.js'

/** The commands that install plugins, `vmrun plugins …`. */
const installing: ReadonlySet<string | undefined> = new Set(['install', 'add'])

/** Those after which there may be another plugin than before. */
const adding: ReadonlySet<string | undefined> = new Set([...installing, 'link', 'update'])

/** Runs a command of `@oclif/plugin-plugins`, and says what is broken in the plugins that are there then. */
export async function runPluginsCommand(argv: readonly string[], config: QuietConfig): Promise<void> {
  await config.findCommand(pluginsTopic)?.load()
  // With that came another copy of oclif, which would end this process in the middle of a command.
  watchOutput()
  await run(await pluginArguments(argv, config.dataDir), config)
  // Whoever uses the plugins later may not write there.
  await linkOwnPackage(config.dataDir, config.root)
  if (adding.has(argv[1]) && !asksForHelp(argv)) {
    const {exitCode} = process
    warnOfPlugins(await loadRegistry(await wholeConfig(config.root)))
    // A plugin has no say in it.
    process.exitCode = exitCode
  }
}

const fileScheme = /^file:/u

/** A file or a directory, as npm tells them from what a registry or GitHub has: everything else is left as it is. */
const file = /^(?:\.{0,2}\/|[^:]*\.tgz$)/u

/**
 * The command line as `@oclif/plugin-plugins` understands it: a plugin that is a file, or a directory, of this host is a
 * URL there, and anything else a name in a registry.
 *
 * @param directory where plugins are kept
 * @throws UsageError when a file is named that there is not, and when others could have written what would be run
 */
export async function pluginArguments(argv: readonly string[], directory: string): Promise<string[]> {
  const [, command] = argv
  if (!asksForHelp(argv)) {
    demandTrustedDirectory(directory)
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
  if (word.startsWith('-') || (word === typed && !file.test(word))) {
    return typed
  }

  const found = await stat(word).catch((error: unknown) => {
    throw new UsageError(`there is no file or directory ${quoted(word)} that could be read`, {
      hint: 'A plugin is named by the file that npm pack made of it, or by its name in a registry.',
      cause: error,
    })
  })
  if (found.isDirectory()) {
    // npm makes a link to it.
    demandTrustedPlugin(word)
  }

  // As npm reads it, which decodes nothing, and would simplify what is left of links and `..` in it.
  return `file:${await placeOf(word)}`
}

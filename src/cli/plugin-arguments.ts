import {access} from 'node:fs/promises'
import path from 'node:path'
import {pluginsTopic} from './prepare-process.js'

/** The commands that install plugins, `vmrun plugins …`. */
const installing: ReadonlySet<string | undefined> = new Set(['install', 'add'])

/**
 * The command line as `@oclif/plugin-plugins` understands it: a plugin that is a file, or a directory, of this host is a
 * URL there, and anything else a name in a registry.
 */
export async function pluginArguments(argv: readonly string[]): Promise<string[]> {
  const [topic, command] = argv
  if (topic !== pluginsTopic || !installing.has(command)) {
    return [...argv]
  }

  // What a package has npm run when it is installed would run as this user, before anybody could have looked at it.
  process.env['npm_config_ignore_scripts'] ??= 'true'
  return await Promise.all(
    argv.map(async (word, index) => (index > 1 && (await isPath(word)) ? fileUrl(word) : word)),
  )
}

async function isPath(word: string): Promise<boolean> {
  if (!(word.includes('/') || word.endsWith('.tgz')) || word.startsWith('-')) {
    return false
  }

  return await access(word).then(
    () => true,
    () => false,
  )
}

/** As npm reads it, which decodes nothing. */
function fileUrl(file: string): string {
  return `file:${path.resolve(file)}`
}

import {fileURLToPath} from 'node:url'
import {Config, execute, handle, settings} from '@oclif/core'
import {linkOwnPackage} from '../plugins/own-package-link.js'
import {leave} from './leave.js'
import {pluginArguments} from './plugin-arguments.js'
import {pluginsTopic} from './prepare-process.js'

/** What oclif cannot load it warns of, in a dozen lines: the registry tells of it in one. */
class QuietConfig extends Config {
  protected override warned = true
}

/**
 * Runs the command that the arguments name, and ends this process.
 *
 * @param url of a file in vmrun's package
 */
export async function start(argv: readonly string[], url: string): Promise<never> {
  // Linked plugins are compiled by those who write them.
  settings.enableAutoTranspile = false
  const config = new QuietConfig({root: fileURLToPath(url)})
  try {
    await config.load()
  } catch (error) {
    await handle(error instanceof Error ? error : new Error(String(error)))
  }

  await execute({args: await pluginArguments(argv), loadOptions: config})
  if (argv[0] === pluginsTopic) {
    // Whoever uses the plugins later may not write there.
    await linkOwnPackage(config.dataDir, config.root)
  }

  return await leave()
}

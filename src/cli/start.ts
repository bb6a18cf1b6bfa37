import {fileURLToPath} from 'node:url'
import {Config, execute, handle, settings} from '@oclif/core'
import {VmrunError} from '../errors.js'
import {linkOwnPackage} from '../plugins/own-package-link.js'
import {exitCodeOf} from './exit-codes.js'
import {leave} from './leave.js'
import {pluginArguments} from './plugin-arguments.js'
import {pluginsTopic} from './prepare-process.js'
import {showError} from './show-error.js'

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
    await execute({args: await pluginArguments(argv), loadOptions: config})
  } catch (error) {
    await fail(error, argv.includes('--json'))
  }

  if (argv[0] === pluginsTopic) {
    // Whoever uses the plugins later may not write there.
    await linkOwnPackage(config.dataDir, config.root)
  }

  return await leave()
}

/** Tells of what keeps a command from being run at all. */
async function fail(error: unknown, json: boolean): Promise<void> {
  if (error instanceof VmrunError) {
    process.exitCode = exitCodeOf(error)
    showError(error, json)
    return
  }

  await handle(error instanceof Error ? error : new Error(String(error)))
}

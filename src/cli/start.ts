import {fileURLToPath} from 'node:url'
import {Config, execute, handle, settings} from '@oclif/core'
import {VmrunError} from '../errors.js'
import {leave} from './leave.js'
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
    await execute({args: await argumentsFor(argv), loadOptions: config})
  } catch (error) {
    await fail(error, argv.includes('--json'))
  }

  if (argv[0] === pluginsTopic) {
    // Whoever uses the plugins later may not write there.
    const {linkOwnPackage} = await import('../plugins/own-package-link.js')
    await linkOwnPackage(config.dataDir, config.root)
  }

  return await leave()
}

async function argumentsFor(argv: readonly string[]): Promise<string[]> {
  if (argv[0] !== pluginsTopic) {
    return [...argv]
  }

  const {pluginArguments} = await import('./plugin-arguments.js')
  return await pluginArguments(argv)
}

/** Tells of what keeps a command from being run at all. */
async function fail(error: unknown, json: boolean): Promise<void> {
  if (error instanceof VmrunError) {
    const [{exitCodeOf}, {showError}] = await Promise.all([
      import('./exit-codes.js'),
      import('./show-error.js'),
    ])
    process.exitCode = exitCodeOf(error)
    showError(error, json)
    return
  }

  await handle(error instanceof Error ? error : new Error(String(error)))
}

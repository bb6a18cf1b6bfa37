import {readFile} from 'node:fs/promises'
import type {Interfaces} from '@oclif/core'
import {UsageError} from '../errors/errors.js'
import {codeOf, messageOf} from '../errors/thrown.js'
import {pathIn} from '../host/path-in.js'
import {demandTrustedPlugin, type ListedPlugin, listedPlugins} from './listed-plugins.js'
import type {FailedPlugin, PluginFault} from './loaded-plugin.js'

/** The plugins that were installed or linked, and that oclif could not load. */
export async function absentPlugins({
  dataDir,
  plugins,
}: Pick<Interfaces.Config, 'dataDir' | 'plugins'>): Promise<readonly FailedPlugin[]> {
  let listed: readonly ListedPlugin[]
  try {
    listed = listedPlugins(dataDir)
  } catch (error) {
    return [unreadableList(pathIn(dataDir, 'package.json'), error)]
  }

  const absent = listed.filter(({name}) => !plugins.has(name))
  return await Promise.all(
    absent.map(async ({name, type, root}) => ({
      name,
      version: '(of unknown version)',
      isOwn: false,
      type,
      failure: await whyAbsent(root),
    })),
  )
}

/** Nobody knows then what was installed, so whatever is not known may be in it. */
function unreadableList(file: string, error: unknown): FailedPlugin {
  return {
    name: '(all that are installed)',
    version: '(of unknown version)',
    isOwn: false,
    type: 'user',
    failure:
      error instanceof UsageError
        ? error
        : {
            message: `${file}: ${messageOf(error)}`,
            hint: 'Mend the file; or delete it, and install the plugins anew.',
          },
  }
}

async function whyAbsent(root: string): Promise<PluginFault> {
  const file = pathIn(root, 'package.json')
  try {
    demandTrustedPlugin(root)
    await readJson(file)
    return {message: 'it is no plugin that oclif can load'}
  } catch (error) {
    if (error instanceof UsageError) {
      return error
    }

    return {
      message: codeOf(error) === 'ENOENT' ? `${file} does not exist` : `${file}: ${messageOf(error)}`,
    }
  }
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'))
}

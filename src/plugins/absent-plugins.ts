import {readFile} from 'node:fs/promises'
import type {Interfaces} from '@oclif/core'
import {isRecord} from '../is-record.js'
import {pathIn} from '../path-in.js'
import {codeOf, messageOf} from '../thrown.js'
import type {FailedPlugin} from './loaded-plugin.js'

/** The plugins that were installed or linked, and that oclif could not load. */
export async function absentPlugins({
  dataDir,
  plugins,
}: Pick<Interfaces.Config, 'dataDir' | 'plugins'>): Promise<readonly FailedPlugin[]> {
  const file = pathIn(dataDir, 'package.json')
  let manifest: unknown
  try {
    manifest = await readJson(file)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? [] : [unreadableList(file, error)]
  }

  const listed = valueAt(manifest, 'oclif', 'plugins')
  const absent = (Array.isArray(listed) ? listed.filter(isRecord) : []).flatMap(({name, type, root}) =>
    typeof name === 'string' && !plugins.has(name)
      ? [
          {
            name,
            type: String(type),
            root: typeof root === 'string' ? root : pathIn(dataDir, `node_modules/${name}`),
          },
        ]
      : [],
  )
  return await Promise.all(
    absent.map(async ({name, type, root}) => ({
      name,
      version: '(of unknown version)',
      isOwn: false,
      type,
      failure: {message: await whyAbsent(root)},
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
    failure: {
      message: `${file}: ${messageOf(error)}`,
      hint: 'Mend the file; or delete it, and install the plugins anew.',
    },
  }
}

async function whyAbsent(root: string): Promise<string> {
  const file = pathIn(root, 'package.json')
  try {
    await readJson(file)
    return 'it is no plugin that oclif can load'
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? `${file} does not exist` : `${file}: ${messageOf(error)}`
  }
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'))
}

function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((outer, key) => (isRecord(outer) ? outer[key] : undefined), value)
}

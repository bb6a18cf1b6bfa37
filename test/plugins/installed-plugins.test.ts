import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {installedPlugins} from '../../src/plugins/installed-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'

async function dataWith(listed: unknown): Promise<string> {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'package.json'), JSON.stringify({oclif: {plugins: listed}}))
  return directory
}

/** Where plugins are kept, and one that is linked from elsewhere. */
async function linked(manifest: string): Promise<{readonly data: string; readonly file: string}> {
  const root = await temporaryDirectory()
  await writeFile(join(root, 'package.json'), manifest)
  return {data: await dataWith([{name: 'a', type: 'link', root}]), file: join(root, 'package.json')}
}

test('a plugin is loaded as far as oclif does', async () => {
  const {data} = await linked('{"name": "a", "version": "1.2.3", "oclif": {}}')
  const {loaded, failed} = await installedPlugins(data)
  expect(loaded).toMatchObject([{name: 'a', version: '1.2.3', type: 'link'}])
  expect(failed).toEqual([])
})

test('one that is installed no more is told, and where it was', async () => {
  const data = await dataWith([{name: 'gone', type: 'user'}])
  expect(await installedPlugins(data)).toEqual({
    loaded: [],
    failed: [
      {
        ...{name: 'gone', version: '(of unknown version)', isOwn: false, type: 'user'},
        failure: {message: `${join(data, 'node_modules', 'gone', 'package.json')} does not exist`},
      },
    ],
  })
})

test.each(['{"name"', '{}'])('so is one that oclif cannot load: %s', async manifest => {
  const {data, file} = await linked(manifest)
  const {failed} = await installedPlugins(data)
  expect(failed).toMatchObject([
    {name: 'a', type: 'link', failure: {message: expect.stringContaining(`${file}: `)}},
  ])
})

test.each([
  ['nothing was ever installed', undefined],
  ['nothing is listed', []],
  ['the list is nonsense', 'x'],
  ['its entries are', [1, null, {name: 2}]],
])('where %s, there is none', async (_, listed) => {
  expect(await installedPlugins(await dataWith(listed))).toEqual({loaded: [], failed: []})
  expect(await installedPlugins('/proc/nonexistent')).toEqual({loaded: [], failed: []})
})

test('where the list cannot be read, that is told, as nobody knows what was installed', async () => {
  const data = await temporaryDirectory()
  await writeFile(join(data, 'package.json'), '{"oclif": {')
  expect((await installedPlugins(data)).failed).toMatchObject([
    {
      name: '(all that are installed)',
      failure: {
        message: expect.stringContaining(`${join(data, 'package.json')}: `),
        hint: expect.stringContaining('install the plugins anew'),
      },
    },
  ])
})

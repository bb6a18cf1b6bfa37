import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {absentPlugins} from '../../src/plugins/absent-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'

const plugins = new Map()

async function dataWith(listed: unknown): Promise<string> {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'package.json'), JSON.stringify({oclif: {plugins: listed}}))
  return directory
}

test('a plugin that is installed no more is told, and where it was', async () => {
  const dataDir = await dataWith([{name: 'vmrun-plugin-gone', type: 'user'}])
  const file = join(dataDir, 'node_modules', 'vmrun-plugin-gone', 'package.json')
  expect(await absentPlugins({dataDir, plugins})).toEqual([
    {
      name: 'vmrun-plugin-gone',
      version: '(of unknown version)',
      isOwn: false,
      type: 'user',
      failure: {message: `${file} does not exist`},
    },
  ])
})

test('so is a linked one whose package.json is broken', async () => {
  const root = await temporaryDirectory()
  await writeFile(join(root, 'package.json'), '{"name"')
  const dataDir = await dataWith([{name: 'broken', type: 'link', root}])
  expect(await absentPlugins({dataDir, plugins})).toMatchObject([
    {
      name: 'broken',
      type: 'link',
      failure: {message: expect.stringContaining(`${join(root, 'package.json')}: `)},
    },
  ])
})

test('so is a directory that is no plugin', async () => {
  const root = await temporaryDirectory()
  await writeFile(join(root, 'package.json'), '{}')
  const dataDir = await dataWith([{name: 'other', type: 'link', root}])
  expect(await absentPlugins({dataDir, plugins})).toMatchObject([
    {failure: {message: 'it is no plugin that oclif can load'}},
  ])
})

test.each([
  ['nothing was ever installed', undefined],
  ['nothing is listed', []],
  ['the list is nonsense', 'x'],
  ['its entries are', [1, null, {name: 2}]],
])('where %s, nothing is absent', async (_, listed) => {
  expect(await absentPlugins({dataDir: await dataWith(listed), plugins})).toEqual([])
  expect(await absentPlugins({dataDir: '/proc/nonexistent', plugins})).toEqual([])
})

test('where the list of plugins cannot be read, that is told, as nobody knows what was installed', async () => {
  const dataDir = await temporaryDirectory()
  const file = join(dataDir, 'package.json')
  await writeFile(file, '{"oclif": {')
  expect(await absentPlugins({dataDir, plugins})).toMatchObject([
    {
      name: '(all that are installed)',
      failure: {
        message: expect.stringContaining(`${file}: `),
        hint: expect.stringContaining('install the plugins anew'),
      },
    },
  ])
})

import {lstat, mkdir, readdir, readlink, symlink, writeFile} from 'node:fs/promises'
import path, {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {installedPlugins, linkOwnPackage} from '../../src/plugins/installed-plugins.js'
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
  expect(await installedPlugins(data)).toMatchObject([{name: 'a', version: '1.2.3', type: 'link'}])
})

test('one that is installed no more is told, and where it was', async () => {
  const data = await dataWith([{name: 'gone', type: 'user'}])
  expect(await installedPlugins(data)).toEqual([
    {
      ...{name: 'gone', isOwn: false},
      failure: {message: `${join(data, 'node_modules', 'gone', 'package.json')} does not exist`},
    },
  ])
})

test.each(['{"name"', '{}'])('so is one that oclif cannot load: %s', async manifest => {
  const {data, file} = await linked(manifest)
  expect(await installedPlugins(data)).toMatchObject([
    {name: 'a', failure: {message: expect.stringContaining(`${file}: `)}},
  ])
})

test.each([
  ['nothing was ever installed', undefined],
  ['nothing is listed', []],
])('where %s, there is none', async (_, listed) => {
  expect(await installedPlugins(await dataWith(listed))).toEqual([])
  expect(await installedPlugins('/proc/nonexistent')).toEqual([])
})

test.each(['{"oclif": {', '{"oclif": {"plugins": "x"}}'])(
  'where the list cannot be read, that is told, as nobody knows what was installed: %s',
  async text => {
    const data = await temporaryDirectory()
    await writeFile(join(data, 'package.json'), text)
    expect(await installedPlugins(data)).toMatchObject([
      {
        name: '(all that are installed)',
        failure: {
          message: expect.stringContaining(`${join(data, 'package.json')}: `),
          hint: expect.stringContaining('install the plugins anew'),
        },
      },
    ])
  },
)

describe('plugins find this vmrun by a link beside them', () => {
  /** Where plugins are installed, and what is in it by the name of vmrun. */
  async function installed(): Promise<Readonly<Record<'directory' | 'modules' | 'link', string>>> {
    const directory = await temporaryDirectory()
    const modules = path.join(directory, 'node_modules')
    await mkdir(modules)
    return {directory, modules, link: path.join(modules, 'vmrun')}
  }

  test('which is left as it is where it is right', async () => {
    const {directory, modules, link} = await installed()
    await linkOwnPackage(directory, '/opt/vmrun')
    expect(await readlink(link)).toBe('/opt/vmrun')
    const before = await lstat(link)
    await linkOwnPackage(directory, '/opt/vmrun')
    expect((await lstat(link)).ino).toBe(before.ino)
    expect(await readdir(modules)).toEqual(['vmrun'])
  })

  test('which is put right where it leads to another, or to none any more', async () => {
    const {directory, modules, link} = await installed()
    await symlink('/proc/nonexistent/vmrun', link)
    await linkOwnPackage(directory, '/opt/vmrun')
    expect(await readlink(link)).toBe('/opt/vmrun')
    expect(await readdir(modules)).toEqual(['vmrun'])
  })

  test('but not where somebody has installed another vmrun', async () => {
    const {directory, modules, link} = await installed()
    await mkdir(link)
    await linkOwnPackage(directory, '/opt/vmrun')
    expect(await readdir(modules)).toEqual(['vmrun'])
    expect((await lstat(link)).isDirectory()).toBe(true)
  })

  test.each([
    ['is not there', async () => undefined, []],
    ['is a file', (modules: string) => writeFile(modules, ''), ['node_modules']],
    // Not even root can write to this one.
    ['cannot be written to', (modules: string) => symlink('/proc/self', modules), ['node_modules']],
  ])('and nothing fails where the directory %s', async (_, make, left) => {
    const directory = await temporaryDirectory()
    await make(path.join(directory, 'node_modules'))
    await linkOwnPackage(directory, '/opt/vmrun')
    expect(await readdir(directory)).toEqual(left)
  })

  test('of which many that make it at once leave nothing else', async () => {
    const {directory, modules, link} = await installed()
    await Promise.all(Array.from({length: 20}, () => linkOwnPackage(directory, '/opt/vmrun')))
    expect(await readlink(link)).toBe('/opt/vmrun')
    expect(await readdir(modules)).toEqual(['vmrun'])
  })
})

import {lstat, mkdir, readdir, readlink, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {Config} from '@oclif/core'
import {describe, expect, test} from 'vitest'
import {hookedPlugins, hooklessPlugins, linkOwnPackage} from '../../src/plugins/find-plugins.js'
import type {PluginSource} from '../../src/plugins/load-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** What oclif finds of a command-line tool that is one package, in a folder whose modules vitest leaves to Node. */
async function configOf(manifest: object, files: Readonly<Record<string, string>> = {}): Promise<Config> {
  const root = path.join(await temporaryDirectory(), 'node_modules', 'tool')
  await mkdir(path.join(root, 'commands'), {recursive: true})
  const text = JSON.stringify({name: 'tool', version: '1.2.3', ...manifest})
  const all = {...files, 'package.json': text, 'commands/greet.js': 'exports.run = () => undefined'}
  await Promise.all(Object.entries(all).map(([name, content]) => writeFile(path.join(root, name), content)))
  return await Config.load({root, userPlugins: false})
}

async function found(
  manifest: object,
  files?: Readonly<Record<string, string>>,
): Promise<readonly PluginSource[]> {
  return hookedPlugins(await configOf(manifest, files))
}

const hooks = (hook: unknown): object => ({oclif: {hooks: {'vmrun:plugin': hook}}})

/** What the hook of the one package gives. */
async function definitionOf([source]: readonly PluginSource[]): Promise<unknown> {
  const hook = await source?.load()
  return typeof hook === 'function' ? await hook() : hook
}

describe('a package with the hook', () => {
  test('is known by its name, its version and the vmrun that it says it needs', async () => {
    const manifest = {...hooks('./plugin.js'), peerDependencies: {vmrun: '>=0.1.0'}}
    expect(await found(manifest)).toMatchObject([
      {name: 'tool', version: '1.2.3', isOwn: true, type: 'core', needs: '>=0.1.0'},
    ])
  })

  test.each([undefined, null, [], {vmrun: 7}])('need not say that: %o', async peerDependencies => {
    const [plugin] = await found({...hooks('./plugin.js'), peerDependencies})
    expect(plugin?.needs).toBeUndefined()
  })

  test('has its module loaded when it is asked for, not before', async () => {
    const files = {'plugin.js': 'throw new Error("boom")'}
    const [plugin] = await found({...hooks('./plugin.js'), type: 'module'}, files)
    await expect(plugin?.load()).rejects.toThrow('boom')
  })

  test.each(['./missing.js', './dist/plugin.js', './plugin', '../plugin'])(
    'whose module is missing is told its path, with what its author has to do: %s',
    async target => {
      const [plugin] = await found(hooks(target), {'plugin-more.js': '', 'other.js': ''})
      const file = `/${path.basename(target)}, which its hook "vmrun:plugin" names, does not exist`
      await expect(plugin?.load()).rejects.toMatchObject({
        name: 'HostError',
        message: expect.stringContaining(file),
        hint: 'Its author: build it (npm run build), or mend the path in package.json.',
      })
    },
  )

  test.each([
    ['./plugin.js', 'module', {'plugin.js': 'import "nosuch"'}, /^Cannot find package 'nosuch' imported/u],
    ['./plugin', 'module', {'plugin.js': 'import "./no: such.js"'}, /^Cannot find module '.*no: such\.js'/u],
    ['./plugin', 'commonjs', {'plugin.cjs': 'require("nosuch")'}, /^Cannot find module 'nosuch'/u],
  ])('whose module misses another is told in Node’s words: %s %s %j', async (target, type, files, why) => {
    const [plugin] = await found({...hooks(target), type}, files)
    await expect(plugin?.load()).rejects.toMatchObject({
      ...{name: 'HostError', message: expect.stringMatching(why), hint: undefined},
    })
  })
})

describe('the hook is', () => {
  const text = JSON.stringify({apiVersion: 1})
  const named = hooks({target: './plugin.js', identifier: 'hook'})
  test.each([
    ['the default export of a module', {type: 'module'}, `export default async () => (${text})`],
    ['a CommonJS module itself', {}, `module.exports = async () => (${text})`],
    [
      'the default export of one that was compiled',
      {},
      `exports.__esModule = true; exports.default = async () => (${text})`,
    ],
    [
      'of a function, its own default export',
      {},
      `module.exports = () => 1; module.exports.default = async () => (${text})`,
    ],
    [
      'the export that a package names',
      {...named, type: 'module'},
      `export const hook = async () => (${text})`,
    ],
    ['the same of a CommonJS module', named, `exports.hook = async () => (${text})`],
  ])('%s', async (_, manifest, content) => {
    const plugins = await found({...hooks('./plugin.js'), ...manifest}, {'plugin.js': content})
    expect(await definitionOf(plugins)).toEqual({apiVersion: 1})
  })

  test.each([
    ['module', 'export const other = 1'],
    ['commonjs', 'exports.other = 1'],
    ['commonjs', 'module.exports = null'],
  ])('nothing where the module exports none: %s, %s', async (type, content) => {
    const [plugin] = await found({...hooks('./plugin.js'), type}, {'plugin.js': content})
    expect(await plugin?.load()).toBeUndefined()
  })

  test('each of several modules’', async () => {
    const files = {'one.mjs': 'export default 1', 'two.mjs': 'export default 2'}
    const plugins = await found(hooks(['./one.mjs', './two.mjs']), files)
    expect(await Promise.all(plugins.map(({load}) => load()))).toEqual([1, 2])
  })
})

describe('a package without the hook', () => {
  async function typed(type: string, oclif: object): Promise<Config> {
    const config = await configOf({oclif})
    for (const plugin of config.plugins.values()) {
      plugin.type = type
    }

    return config
  }

  test.each([
    ['user', {}],
    ['link', {hooks: {'vmrun:plugins': './dist/plugin.js'}}],
  ])('is told, with what its author has to write: %s %j', async (type, oclif) => {
    const config = await typed(type, oclif)
    expect(hookedPlugins(config)).toEqual([])
    expect(hooklessPlugins(config)).toEqual([
      {
        ...{name: 'tool', version: '1.2.3', isOwn: false, type},
        failure: {
          message: 'its package.json names no module for the hook "vmrun:plugin"',
          hint: 'Its author: "oclif": {"hooks": {"vmrun:plugin": "./dist/plugin.js"}}',
        },
      },
    ])
  })

  test.each([
    ['has commands of its own', 'link', {commands: './commands'}],
    ['belongs to vmrun', 'core', {}],
  ])('is no matter of vmrun’s where it %s', async (_, type, oclif) => {
    expect(hooklessPlugins(await typed(type, oclif))).toEqual([])
  })
})

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
    const looked = Array.from({length: 20}, async () => {
      await linkOwnPackage(directory, '/opt/vmrun')
      return await readlink(link)
    })
    expect(new Set(await Promise.all(looked))).toEqual(new Set(['/opt/vmrun']))
    expect(await readdir(modules)).toEqual(['vmrun'])
  })
})

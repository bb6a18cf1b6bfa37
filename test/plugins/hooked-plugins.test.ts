import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {Config} from '@oclif/core'
import {describe, expect, test} from 'vitest'
import {hookedPlugins} from '../../src/plugins/hooked-plugins.js'
import type {PluginSource} from '../../src/plugins/load-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'

const definition = {apiVersion: 1}

/** What oclif finds of a command-line tool that is one package, in a folder whose modules vitest leaves to Node. */
async function found(
  manifest: object,
  files: Readonly<Record<string, string>>,
): Promise<readonly PluginSource[]> {
  const root = path.join(await temporaryDirectory(), 'node_modules', 'tool')
  await mkdir(root, {recursive: true})
  const text = JSON.stringify({name: 'tool', version: '1.2.3', ...manifest})
  await Promise.all(
    Object.entries({...files, 'package.json': text}).map(([name, content]) =>
      writeFile(path.join(root, name), content),
    ),
  )
  return hookedPlugins(await Config.load({root, userPlugins: false}))
}

const hooks = (hook: unknown): object => ({oclif: {hooks: {'vmrun:plugin': hook}}})

/** What the hook of the one package gives. */
async function definitionOf([source]: readonly PluginSource[]): Promise<unknown> {
  const hook = await source?.load()
  return typeof hook === 'function' ? await hook() : hook
}

test('a package that names no module for the hook is none', async () => {
  expect(await found({oclif: {hooks: {init: './init.js'}}}, {})).toEqual([])
})

test('a package is known by its name, its version and the vmrun that it says it needs', async () => {
  const manifest = {...hooks('./plugin.js'), peerDependencies: {vmrun: '>=0.1.0'}}
  expect(await found(manifest, {})).toMatchObject([
    {name: 'tool', version: '1.2.3', isOwn: true, type: 'core', needs: '>=0.1.0'},
  ])
})

test.each([undefined, null, 'vmrun', [], {}, {other: '1'}, {vmrun: 7}])(
  'and of one that does not say so, nothing is known: %o',
  async peerDependencies => {
    const [plugin] = await found({...hooks('./plugin.js'), peerDependencies}, {})
    expect(plugin?.needs).toBeUndefined()
  },
)

test('its module is not loaded before it is asked for', async () => {
  const [plugin] = await found(
    {...hooks('./plugin.js'), type: 'module'},
    {'plugin.js': 'throw new Error("boom")'},
  )
  await expect(plugin?.load()).rejects.toThrow('boom')
})

test.each(['./missing.js', './dist/plugin.js', './plugin', '../plugin'])(
  'a module that is missing is told by its path, with what its author has to do: %s',
  async target => {
    const [plugin] = await found(hooks(target), {'plugin-more.js': '', 'other.js': ''})
    await expect(plugin?.load()).rejects.toMatchObject({
      name: 'HostError',
      message: expect.stringMatching(
        new RegExp(
          `^/.*/${path.basename(target)}, which its hook "vmrun:plugin" names, does not exist$`,
          'u',
        ),
      ),
      hint: 'Its author: build it (npm run build), or mend the path in package.json.',
    })
  },
)

test.each([
  [
    './plugin.js',
    'module',
    {'plugin.js': 'import "nosuch"'},
    /^Cannot find package 'nosuch' imported from \//u,
  ],
  ['./plugin', 'module', {'plugin.js': 'import "./no: such.js"'}, /^Cannot find module '.*no: such\.js'/u],
  ['./plugin', 'commonjs', {'plugin.cjs': 'require("nosuch")'}, /^Cannot find module 'nosuch'/u],
])('so is one that its module needs, in Node’s words: %s %s %j', async (target, type, files, why) => {
  const [plugin] = await found({...hooks(target), type}, files)
  await expect(plugin?.load()).rejects.toMatchObject({
    name: 'HostError',
    message: expect.stringMatching(why),
    hint: undefined,
  })
})

describe('the hook is', () => {
  const text = JSON.stringify(definition)
  test.each([
    ['the default export of a module', 'module', `export default async () => (${text})`],
    ['a CommonJS module itself', 'commonjs', `module.exports = async () => (${text})`],
    [
      'the default export of one that was compiled',
      'commonjs',
      `exports.__esModule = true; exports.default = async () => (${text})`,
    ],
    [
      'of a function, its own default export',
      'commonjs',
      `module.exports = () => 1; module.exports.default = async () => (${text})`,
    ],
  ])('%s', async (_, type, content) => {
    expect(await definitionOf(await found({...hooks('./plugin.js'), type}, {'plugin.js': content}))).toEqual(
      definition,
    )
  })

  test.each([
    ['module', `export const hook = async () => (${text})`],
    ['commonjs', `exports.hook = async () => (${text})`],
  ])('the export that the package names: %s', async (type, content) => {
    const named = {...hooks({target: './plugin.js', identifier: 'hook'}), type}
    expect(await definitionOf(await found(named, {'plugin.js': content}))).toEqual(definition)
  })

  test.each([
    ['module', 'export const other = 1'],
    ['commonjs', 'exports.other = 1'],
    ['commonjs', 'module.exports = "nonsense"'],
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

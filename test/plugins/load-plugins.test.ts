import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {Plugin} from '@oclif/core/config'
import {describe, expect, test, vi} from 'vitest'
import {loadPlugins} from '../../src/plugins/load-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'

vi.mock('node:timers/promises', () => import('../run/fakeable-timers.js'))
const hooks = (hook: unknown): object => ({oclif: {hooks: {'vmrun:plugin': hook}}})
const named = hooks({target: './plugin.js', identifier: 'hook'})

/** A package as oclif loads it, in a folder whose modules vitest leaves to Node. */
async function packageOf(manifest: object, files: Readonly<Record<string, string>> = {}): Promise<Plugin> {
  const root = path.join(await temporaryDirectory(), 'node_modules', 'tool')
  await mkdir(path.join(root, 'commands'), {recursive: true})
  const packageJson = JSON.stringify({name: 'tool', version: '1.2.3', ...manifest})
  const all = {...files, 'package.json': packageJson, 'commands/greet.js': 'exports.run = () => undefined'}
  await Promise.all(Object.entries(all).map(([name, content]) => writeFile(path.join(root, name), content)))
  const plugin = new Plugin({name: 'tool', root, type: 'link'})
  await plugin.load()
  return plugin
}

/** A package whose module is this. */
async function moduleOf(module: string): Promise<Plugin> {
  return await packageOf({...hooks('./plugin.js'), type: 'module'}, {'plugin.js': module})
}

const text = '{apiVersion: 1, architectures: []}'
const definition = {apiVersion: 1, architectures: []}
const good = {name: 'tool', version: '1.2.3', isOwn: false, definition}

/** Why a plugin could not be loaded, beside one that is loaded whatever happens. */
async function failureOf(plugin: Plugin): Promise<unknown> {
  const [failed, loaded] = await loadPlugins([plugin, await moduleOf(`export default () => (${text})`)])
  expect(loaded).toEqual(good)
  expect(failed).toMatchObject({name: 'tool', version: '1.2.3', isOwn: false})
  return Reflect.get(failed ?? {}, 'failure')
}

test.each([
  ['the default export of a module', {type: 'module'}, `export default async () => (${text})`],
  ['one that is not asynchronous', {type: 'module'}, `export default () => (${text})`],
  ['a CommonJS module itself', {}, `module.exports = async () => (${text})`],
  [
    'the default export of one that was compiled',
    {},
    `exports.__esModule = true; exports.default = () => (${text})`,
  ],
  [
    'of a function, its default export',
    {},
    `module.exports = () => 1; module.exports.default = () => (${text})`,
  ],
  ['the export that a package names', {...named, type: 'module'}, `export const hook = () => (${text})`],
  ['the same of a CommonJS module', named, `exports.hook = () => (${text})`],
])('a plugin’s hook is %s', async (_, manifest, content) => {
  const plugin = await packageOf({...hooks('./plugin.js'), ...manifest}, {'plugin.js': content})
  expect(await loadPlugins([plugin])).toEqual([good])
})

describe('a plugin keeps no other from being loaded, and is told in one line, when', () => {
  test.each([
    ['it throws when it is imported', 'throw new Error("boom")', 'boom'],
    ['its hook throws', 'export default () => { throw new Error("boom") }', 'boom'],
    ['its hook rejects', 'export default async () => { throw new Error("boom") }', 'boom'],
    [
      'a module is missing',
      'import "missing-package"',
      /^Cannot find package 'missing-package'.*plugin\.js$/u,
    ],
    ['it is no JavaScript', 'export default {', /^Unexpected|^Parse/u],
    ['it names what a module does not export', 'import {nothing} from "node:fs"', /nothing/u],
    ['it says more', 'throw new Error("\\n first \\r\\nsecond")', /^first$/u],
    ['it says nothing', 'throw new Error("")', 'it does not say why'],
    ['it throws a text', 'throw "text"', 'text'],
    ['it throws nothing', 'throw undefined', 'undefined'],
    ['it throws what is nothing', 'throw Object.create(null)', 'it threw what cannot be shown'],
    ['its module exports nothing', 'export const other = 1', /expected object, received undefined/u],
    ['its module exports no function', `export default ${text}`, /expected object, received undefined/u],
    ['its hook gives nonsense', 'export default () => "x"', /expected object, received string/u],
    [
      'its definition does not hold',
      'export default () => ({apiVersion: 1, steps: 1, commands: []})',
      'its definition does not hold: steps: Invalid input: expected array, received number; Unrecognized key: "commands"',
    ],
    [
      'its version is none',
      'export default () => ({apiVersion: "1"})',
      /apiVersion: Invalid input: expected 1$/u,
    ],
    ['it is written for another version', 'export default () => ({apiVersion: 2})', /written for version 2/u],
  ])('%s', async (_, module, why) => {
    expect(await failureOf(await moduleOf(module))).toMatchObject({message: expect.stringMatching(why)})
  })

  test.each(['./missing.js', './dist/plugin.js', './plugin', '../plugin'])(
    'its module is missing: %s',
    async target => {
      const plugin = await packageOf(hooks(target), {'plugin-more.js': '', 'other.js': ''})
      expect(await failureOf(plugin)).toMatchObject({
        message: expect.stringMatching(/^Cannot find module '\/.*\/\w+(?:\.js)?'/u),
        hint: expect.stringContaining('npm run build'),
      })
    },
  )

  test.each([
    ['its import hangs', 'await new Promise(() => setInterval(() => 0, 100).unref())'],
    ['its hook hangs', 'export default () => new Promise(() => 0)'],
  ])('%s', async (_, module) => {
    const plugin = await moduleOf(module)
    vi.useFakeTimers()
    const loaded = loadPlugins([plugin])
    await vi.runAllTimersAsync()
    expect(await loaded).toMatchObject([
      {failure: {message: expect.stringMatching(/^still not done after/u)}},
    ])
  })
})

describe('a package without the hook', () => {
  test.each([{}, {hooks: {'vmrun:plugins': './dist/plugin.js'}}])(
    'is told, with what its author has to write: %j',
    async oclif => {
      expect(await failureOf(await packageOf({oclif}))).toMatchObject({
        message: 'its package.json names no module for the hook "vmrun:plugin"',
        hint: 'Its author: "oclif": {"hooks": {"vmrun:plugin": "./dist/plugin.js"}}',
      })
    },
  )

  test('is no matter of vmrun’s where it has commands of its own', async () => {
    expect(await loadPlugins([await packageOf({oclif: {commands: './commands'}})])).toEqual([])
  })
})

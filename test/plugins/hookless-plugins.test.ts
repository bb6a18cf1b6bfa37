import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {Config} from '@oclif/core'
import {expect, test} from 'vitest'
import {hooklessPlugins} from '../../src/plugins/hookless-plugins.js'
import type {FailedPlugin} from '../../src/plugins/loaded-plugin.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** What of a command-line tool's one user plugin is found. */
async function found(type: string, oclif: object): Promise<readonly FailedPlugin[]> {
  const root = await packageWith({name: 'tool', version: '1.0.0', oclif: {}})
  const plugin = await packageWith({name: 'vmrun-plugin-a', version: '1.2.3', oclif})
  const config = await Config.load({root, userPlugins: false})
  const added = await Config.load({root: plugin, userPlugins: false})
  const plugins = new Map(config.plugins)
  for (const [name, one] of added.plugins) {
    one.type = type
    plugins.set(name, one)
  }

  return hooklessPlugins({plugins})
}

async function packageWith(manifest: object): Promise<string> {
  const root = path.join(await temporaryDirectory(), 'node_modules', 'package')
  await mkdir(path.join(root, 'commands'), {recursive: true})
  await writeFile(path.join(root, 'package.json'), JSON.stringify(manifest))
  await writeFile(path.join(root, 'commands', 'greet.js'), 'exports.run = () => undefined')
  return root
}

test.each([
  ['user', {}],
  ['link', {hooks: {'vmrun:plugins': './dist/plugin.js'}}],
])('a package that adds nothing is told, with what its author has to write: %s %j', async (type, oclif) => {
  expect(await found(type, oclif)).toEqual([
    {
      name: 'vmrun-plugin-a',
      version: '1.2.3',
      isOwn: false,
      type,
      failure: {
        outcome: 'adds nothing',
        message: 'its package.json names no module for the hook "vmrun:plugin"',
        hint: 'Its author: "oclif": {"hooks": {"vmrun:plugin": "./dist/plugin.js"}}',
      },
    },
  ])
})

test.each([
  ['names a module', 'user', {hooks: {'vmrun:plugin': './dist/plugin.js'}}],
  ['has commands of its own', 'link', {commands: './commands'}],
  ['belongs to vmrun', 'core', {}],
])('nothing is told of one that %s', async (_, type, oclif) => {
  expect(await found(type, oclif)).toEqual([])
})

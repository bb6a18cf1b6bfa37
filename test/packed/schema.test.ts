import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, inject, test} from 'vitest'
import {Command} from '../e2e/command.js'
import {validator} from '../instances/json-schema-validator.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {packedExample, pluginProject} from './example.js'
import {expectSuccess, Shell} from './shell.js'

test('the package has a file of what vmrun schema prints without plugins, for editors', async () => {
  const shell = await Shell.with()
  const {stdout, stderr} = await shell.type('vmrun schema')
  expect(stderr).toBe('')
  expect(await readFile(path.join(inject('packed').root, 'instances.schema.json'), 'utf8')).toBe(stdout)
})

test('the file can be imported from the package', async () => {
  const directory = await pluginProject('', await temporaryDirectory())
  const script = path.join(directory, 'read.cjs')
  await writeFile(script, "console.log(require('vmrun/instances.schema.json').$schema)")
  const ending = await new Command(process.execPath, [script], process.env, directory).ended
  expectSuccess(script, ending)
  expect(ending.stdout).toBe('https://json-schema.org/draft/2020-12/schema\n')
})

test('with a plugin, vmrun schema takes the file that the plugin’s page shows, and says what its key means', async () => {
  const name = 'vmrun-plugin-webhook'
  const shell = await Shell.with()
  const plugin = await packedExample(name, await temporaryDirectory())
  const page = await readFile(path.join(path.dirname(plugin), 'README.md'), 'utf8')
  const [, file = ''] = /^```json\n(.*?)^```$/msu.exec(page) ?? []
  const without = validator(JSON.parse((await shell.type('vmrun schema')).stdout))
  expect(without(JSON.parse(file))).toBe(false)
  await shell.type(`vmrun plugins install ${plugin}`)
  const {stdout, stderr} = await shell.type('vmrun schema')
  expect(stderr).toBe('')
  const schema = JSON.parse(stdout)
  expect(schema.$defs.instance.properties.webhook).toMatchObject({
    type: 'object',
    description: 'Where to post how a run ended, as JSON. Default: nowhere.',
    examples: [{url: 'https://ci.example.com/vmrun'}],
  })
  const fits = validator(schema)
  expect(fits(JSON.parse(file)), JSON.stringify(fits.errors)).toBe(true)
})

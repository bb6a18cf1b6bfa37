import {rm} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {validator} from '../instances/json-schema-validator.js'
import {Host} from './host.js'
import {installPlugins, moduleOf} from './plugins.js'

const region = `{name: 'region', schema: z.string().optional().meta({description: 'Where.', examples: ['north']})}`

test('schema prints a JSON Schema of instances files, and reads none', async () => {
  const host = await Host.with({name: 'vm-1'})
  const file: unknown = JSON.parse(await host.read('instances.json'))
  await rm(host.path('instances.json'))
  const {stdout, stderr, exitCode} = await host.vmrun('schema')
  expect(stdout).toMatch(/^\{\n {2}"\$schema": .*\n\}\n$/su)
  expect(validator(JSON.parse(stdout))(file)).toBe(true)
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
})

test('schema --json prints the same', async () => {
  const host = await Host.with()
  const {stdout} = await host.vmrun('schema')
  expect(await host.vmrun('schema', '--json')).toMatchObject({stdout, stderr: '', exitCode: 0})
})

test('a key of a plugin is in the schema, and in the help, with what it means', async () => {
  const host = await Host.with()
  await installPlugins(host, {name: 'vmrun-plugin-region', module: moduleOf(`instanceKeys: [${region}]`)})
  const {stdout, stderr} = await host.vmrun('schema')
  expect(JSON.parse(stdout).$defs.instance.properties.region).toEqual({
    type: 'string',
    description: 'Where.',
    examples: ['north'],
  })
  expect(stderr).toBe('')
  expect((await host.vmrun('validate', '--help')).stdout).toMatch(/^ +region +Where\.$/mu)
})

test.each([
  ['cannot be loaded', 'throw new Error("boom")', 'boom'],
  ['claims a key of vmrun’s', moduleOf(`instanceKeys: [${region.replace('region', 'ram')}]`), 'ram'],
])('a plugin that %s is told on stderr, and the schema is that without it', async (_, module, says) => {
  const host = await Host.with()
  const {stdout} = await host.vmrun('schema')
  await installPlugins(host, {name: 'vmrun-plugin-broken', module})
  const ending = await host.vmrun('schema')
  expect(ending).toMatchObject({stdout, exitCode: 0})
  expect(ending.stderr).toMatch(/^vmrun: warning: .*vmrun-plugin-broken/u)
  expect(ending.stderr).toContain(says)
})

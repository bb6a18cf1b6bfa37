import {expect, test} from 'vitest'
import {z} from 'zod'
import type {InstanceKey} from '../../src/contract/plugin.js'
import {describeKeys} from '../../src/instances/json-schema.js'
import {ownKeyNames} from '../../src/instances/schema.js'

function described(...instanceKeys: readonly InstanceKey[]) {
  const contributed = instanceKeys.map(key => ({...key, plugin: 'a'}))
  return describeKeys({hostArchitecture: 'aarch64', instanceKeys: contributed})
}

test('every key of vmrun’s own says what it means', () => {
  const keys = described()
  expect(keys.map(({name}) => name)).toEqual(ownKeyNames)
  for (const {description} of keys) {
    expect(description).toMatch(/^[A-Z].*\.$/su)
  }
})

test('it says what is required, and what the default is', () => {
  const keys = new Map(described().map(key => [key.name, key]))
  expect(keys.get('image')).toMatchObject({required: true, default: undefined})
  expect(keys.get('arch')).toMatchObject({required: false, default: '"aarch64"'})
  expect(keys.get('cpu-cores')).toMatchObject({required: false, default: '1'})
  expect(keys.get('ssh-port')).toMatchObject({required: false, default: undefined})
})

test('the keys of plugins come after, and are described by their schemas', () => {
  const webhook = {name: 'webhook', schema: z.url().optional().meta({description: 'Where.'})}
  const odd = {name: 'odd', schema: z.custom(() => true).transform(() => 1)}
  expect(described(webhook, odd).slice(ownKeyNames.length)).toEqual([
    {name: 'webhook', description: 'Where.', required: false, default: undefined},
    {name: 'odd', description: undefined, required: true, default: undefined},
  ])
})

test('of a schema that cannot be told, the nearest description is', () => {
  const boom = z.string().default(() => JSON.parse('{'))
  const schemas = [boom, boom.meta({description: 'Inner.'}).nullable().optional()]
  expect(
    described(...schemas.map((schema, index) => ({name: `key-${index}`, schema}))).slice(-2),
  ).toMatchObject([{description: undefined}, {description: 'Inner.'}])
})

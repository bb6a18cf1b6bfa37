import {expect, test} from 'vitest'
import {z} from 'zod'
import {fileJsonSchema} from '../../src/instances/file-json-schema.js'
import type {LoadedPlugin} from '../../src/plugins/loaded-plugin.js'
import {Registry} from '../../src/plugins/registry.js'
import {describeFile} from '../../src/services/describe-file.js'
import {loadedPlugin, ownPlugin, ownRegistry} from '../plugins/sample-plugins.js'

/** A plugin that contributes this key. */
function plugin(name: string, key: string): LoadedPlugin {
  const schema = z
    .string()
    .optional()
    .meta({description: `Of ${name}.`, examples: ['x']})
  return loadedPlugin(name, {instanceKeys: [{name: key, schema}]})
}

/** What is said of the keys of an instance with these plugins. */
function keysWith(...plugins: readonly LoadedPlugin[]): unknown {
  return describeFile(new Registry([ownPlugin(), ...plugins])).$defs?.['instance']
}

test('without plugins it is what vmrun knows by itself', () => {
  expect(describeFile(ownRegistry)).toEqual(fileJsonSchema([]))
})

test('the keys of plugins are told with what they mean', () => {
  expect(keysWith(plugin('a', 'region'), plugin('b', 'zone'))).toMatchObject({
    properties: {
      region: {type: 'string', description: 'Of a.', examples: ['x']},
      zone: {type: 'string', description: 'Of b.', examples: ['x']},
    },
    required: ['name', 'image', 'timeout-seconds', 'config'],
  })
})

test('a key that two plugins claim is nobody’s', () => {
  expect(keysWith(plugin('a', 'region'), plugin('b', 'region'))).not.toHaveProperty('properties.region')
})

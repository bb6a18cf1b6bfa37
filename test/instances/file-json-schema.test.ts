import {readdir, readFile} from 'node:fs/promises'
import {Ajv2020} from 'ajv/dist/2020.js'
import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {isJsonObject, isRecord} from '../../src/contract/json-value.js'
import type {InstanceKey} from '../../src/contract/plugin.js'
import {describeKeys, fileJsonSchema} from '../../src/instances/json-schema.js'
import {ownKeyNames} from '../../src/instances/schema.js'
import {beyondJsonSchema} from './beyond-json-schema.js'
import {validator} from './json-schema-validator.js'
import {isTaken} from './read-text.js'

const tree = new URL('../../', import.meta.url)
const jsonSchema = fileJsonSchema([])
/** What is said of a file that is an object. */
const objectSchema = jsonSchema.anyOf?.find(({type}) => type === 'object') ?? {}
const fits = validator(jsonSchema)
const least = {name: 'vm-1', image: 'a.qcow2', 'timeout-seconds': 1, config: {}}

/** The schemas of an object's keys, by their names. */
function propertiesOf({
  properties = {},
}: {
  readonly properties?: object
}): [string, Record<string, unknown>][] {
  return Object.entries(properties).map(([name, property]) => [name, isRecord(property) ? property : {}])
}

/** What is said of the keys of an instance, those of a plugin with these keys included. */
function keysWith(...instanceKeys: readonly InstanceKey[]) {
  const {$defs} = fileJsonSchema(instanceKeys)
  const instance = $defs?.['instance'] ?? {}
  return {properties: Object.fromEntries(propertiesOf(instance)), required: instance.required, $defs}
}

/** What is wrong with a file, by its place. */
function wrongIn(file: unknown): readonly string[] {
  return fits(file) ? [] : (fits.errors ?? []).map(({instancePath, message}) => `${instancePath} ${message}`)
}

/** A file of this instance, in both forms. */
function inBothForms(instance: object): readonly unknown[] {
  return [[instance], {instances: [instance]}, {$schema: './instances.schema.json', instances: [instance]}]
}

test('it is a JSON Schema of the draft 2020-12, by the schema that this draft has of itself', () => {
  expect(jsonSchema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  const ajv = new Ajv2020()
  expect(ajv.validateSchema(jsonSchema), ajv.errorsText(ajv.errors)).toBe(true)
})

test('every key of an instance and of the file, and both themselves, have a description and an example', () => {
  const [own, outer] = [keysWith().properties, Object.fromEntries(propertiesOf(objectSchema))]
  expect(Object.keys(own)).toEqual(ownKeyNames)
  expect(Object.keys(outer)).toEqual(['$schema', 'instances'])
  const all = {...own, ...outer, instance: jsonSchema.$defs?.['instance'], file: jsonSchema}
  for (const [name, told] of Object.entries(all)) {
    expect(told, name).toMatchObject({
      description: expect.stringMatching(/^[A-Z].*\.$/su),
      examples: expect.arrayContaining([expect.anything()]),
    })
  }
})

test('it has the default of every key that has one, but of the architecture, which is another one on each host', () => {
  const {properties} = keysWith()
  const defaults = Object.entries(properties).flatMap(([name, key]) => ('default' in key ? name : []))
  expect(defaults).toEqual([
    ...['cpu-cores', 'ram', 'network', 'guest-agent', 'config-disk', 'accelerator', 'reboot', 'relax'],
    ...['start-seconds', 'grace-seconds'],
  ])
  expect(properties).toMatchObject({
    arch: {description: expect.stringContaining("Default: the host's")},
    'config-disk': {default: 'cdrom'},
  })
})

describe('it takes', () => {
  test.each(Object.entries(keysWith().properties))('the examples and the default of %s', (name, key) => {
    const values = [
      ...(Array.isArray(key['examples']) ? key['examples'] : []),
      ...('default' in key ? [key['default']] : []),
    ]
    expect(values).not.toEqual([])
    for (const value of values) {
      expect(inBothForms({...least, [name]: value}).flatMap(wrongIn)).toEqual([])
    }
  })

  test('the examples of the file and of its instances', () => {
    const {instances} = Object.fromEntries(propertiesOf(objectSchema))
    const files = [jsonSchema.examples, instances?.['examples']].flat()
    expect(files.length).toBeGreaterThan(2)
    expect(files.flatMap(wrongIn)).toEqual([])
  })

  test('the example that the package has', async () => {
    const example: unknown = JSON.parse(await readFile(new URL('instances.example.json', tree), 'utf8'))
    expect(wrongIn(example)).toEqual([])
    expect(wrongIn({instances: example})).toEqual([])
  })

  test('every instances file that the documentation shows', async () => {
    const pages = (await readdir(new URL('docs', tree))).map(name => `docs/${name}`)
    const texts = await Promise.all(
      ['README.md', ...pages].map(name => readFile(new URL(name, tree), 'utf8')),
    )
    const blocks = texts.flatMap(text => Array.from(text.matchAll(goodJson), ([, json]) => json))
    const files = blocks.map((json = ''): unknown => JSON.parse(json)).filter(isInstancesFile)
    expect(new Set(files.map(Array.isArray))).toEqual(new Set([true, false]))
    expect(files.flatMap(wrongIn)).toEqual([])
  })
})

/** A block of JSON that is not there for what is wrong with it. */
const goodJson = /(?<!(?:Bad|mistakes):\n\n)^```json\n(.*?)^```$/gmsu

/** Other JSON in the documentation is what vmrun prints, or a part of a file. */
function isInstancesFile(json: unknown): boolean {
  return (
    Array.isArray(json) ||
    (isJsonObject(json) && Object.keys(json).every(key => ['$schema', 'instances'].includes(key)))
  )
}

test.each(beyondJsonSchema)('it has no words for $what, which vmrun refuses', ({example, applies}) => {
  const file = [{...least, ...example}]
  expect(applies(example)).toBe(true)
  expect(applies(least)).toBe(false)
  expect(wrongIn(file)).toEqual([])
  expect(isTaken(file)).toBe(false)
})

describe('a key of a plugin', () => {
  test('is told as vmrun’s own are, after them', () => {
    const schema = z
      .int('must be a number')
      .min(1)
      .default(7)
      .meta({description: 'How many.', examples: [3]})
    const {properties, required} = keysWith({name: 'count', schema})
    expect(Object.keys(properties)).toEqual([...ownKeyNames, 'count'])
    expect(properties['count']).toMatchObject({
      type: 'integer',
      minimum: 1,
      default: 7,
      description: 'How many.',
      examples: [3],
    })
    expect(required).toEqual(['name', 'image', 'timeout-seconds', 'config'])
  })

  test('is required where vmrun requires it, and nowhere else', () => {
    const {required} = keysWith(
      {name: 'needed', schema: z.string()},
      {name: 'fallback', schema: z.string().catch('x')},
      {name: 'prepared', schema: z.preprocess(value => value ?? 1, z.int())},
      {name: 'absent', schema: z.bigint().default(1n)},
    )
    expect(required).toEqual(['name', 'image', 'timeout-seconds', 'config', 'needed'])
  })

  test.each([
    [
      'has an example that is no JSON',
      z
        .bigint()
        .optional()
        .meta({examples: [7n]}),
    ],
    ['is of a type that is not JSON’s', z.date().optional()],
    ['throws', z.string().default(() => JSON.parse('{'))],
    ['has a name that is taken', z.string().meta({id: 'instance'}).optional()],
  ])('whose schema %s may be anything, with what is known of it, and harms no other', (_, schema) => {
    const odd = {name: 'odd', schema: schema.meta({description: 'Odd.'})}
    const other = {name: 'other', schema: z.boolean().optional().meta({description: 'Other.'})}
    const {properties} = keysWith(odd, other)
    expect(properties['odd']).toEqual({description: 'Odd.'})
    expect(properties['other']).toEqual({type: 'boolean', description: 'Other.'})
    expect(properties['name']).toEqual(keysWith().properties['name'])
  })

  test('whose schema calls itself is told in full', () => {
    const holds = validator(fileJsonSchema([{name: 'tree', schema: z.json().optional()}]))
    expect(holds([{...least, tree: {a: [1, {b: null}]}}])).toBe(true)
    expect(holds([{...least, tree: [], more: 1}])).toBe(false)
  })

  test('of another plugin may have a schema of the same name', () => {
    const one = {name: 'one', schema: z.string().meta({id: 'place', description: 'One.'}).optional()}
    const two = {name: 'two', schema: z.int().meta({id: 'place', description: 'Two.'}).optional()}
    expect(keysWith(one, two)).toMatchObject({
      properties: {one: {$ref: '#/$defs/place'}, two: {description: 'Two.'}},
      $defs: {place: {type: 'string', description: 'One.'}},
    })
  })
})

test('for people, every key says whether it is required, and what the default is, a plugin’s as its schema does', () => {
  const webhook = {name: 'webhook', schema: z.url().optional().meta({description: 'Where.'})}
  const odd = {name: 'odd', schema: z.custom(() => true).transform(() => 1)}
  const told = describeKeys([webhook, odd])
  expect(told.map(({name}) => name)).toEqual([...ownKeyNames, 'webhook', 'odd'])
  expect(told).toEqual(
    expect.arrayContaining([
      expect.objectContaining({name: 'image', required: true, default: undefined}),
      expect.objectContaining({name: 'arch', required: false, default: undefined}),
      expect.objectContaining({name: 'cpu-cores', required: false, default: '1'}),
      {name: 'webhook', description: 'Where.', required: false, default: undefined},
      {name: 'odd', description: '', required: false, default: undefined},
    ]),
  )
})

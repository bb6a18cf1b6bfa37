import {expect, test} from 'vitest'
import {z} from 'zod'
import {mergeAlternatives} from '../../src/instances/merge-alternatives.js'

/** The JSON Schema of a schema, its alternatives merged. */
function merged(schema: z.ZodType): object {
  const {$schema: _, ...told} = z.toJSONSchema(schema)
  mergeAlternatives(told)
  return told
}

test('a choice between different types is one schema with several types', () => {
  expect(merged(z.union([z.string().regex(/^a/u), z.strictObject({b: z.int().optional()})]))).toEqual({
    type: ['string', 'object'],
    pattern: '^a',
    properties: {b: expect.objectContaining({type: 'integer'})},
    additionalProperties: false,
  })
  expect(merged(z.array(z.boolean()).max(3).nullable())).toEqual({
    type: ['array', 'null'],
    items: {type: 'boolean'},
    maxItems: 3,
  })
})

test('what is said of the choice stays', () => {
  const choice = z.union([z.string().min(1), z.number()]).meta({description: 'What.', examples: [1]})
  expect(merged(choice)).toEqual({
    description: 'What.',
    examples: [1],
    type: ['string', 'number'],
    minLength: 1,
  })
})

test.each([
  ['of one type', z.union([z.string().min(5), z.string().max(2)])],
  ['of types one of which includes the other', z.union([z.int().min(5), z.number().max(2)])],
  ['one of which is described by itself', z.union([z.string().meta({description: 'x'}), z.number().min(1)])],
  ['one of which is a fixed value', z.union([z.literal(false), z.string()])],
  ['one of which is from a list', z.union([z.enum(['a', 'b']), z.int()])],
  ['one of which has no type', z.union([z.unknown(), z.string().min(1)])],
  ['one of which is a choice itself', z.union([z.union([z.string().min(3), z.string().max(1)]), z.int()])],
])('alternatives %s stay apart', (_, schema) => {
  const {$schema: __, ...told} = z.toJSONSchema(schema)
  expect(told.anyOf).toHaveLength(2)
  expect(merged(schema)).toEqual(told)
})

test('what is no choice stays as it is', () => {
  expect(merged(z.string().min(1))).toEqual({type: 'string', minLength: 1})
})

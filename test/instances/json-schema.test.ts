import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {isRequired, jsonSchemaOf, toJsonSchema} from '../../src/instances/json-schema.js'

const boom = (): never => {
  throw new Error('boom')
}

describe('what a schema takes', () => {
  test('is told in JSON Schema, of what it gets rather than of what it makes of it', () => {
    expect(jsonSchemaOf(z.string().transform(Number).optional())).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'string',
    })
  })

  test('is anything where JSON Schema has no words for it', () => {
    expect(jsonSchemaOf(z.date().meta({description: 'When.'}))).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      description: 'When.',
    })
  })

  test('is told with the examples that it has, also where it makes something else of them', () => {
    const schema = z
      .union([z.string(), z.int()])
      .transform(String)
      .meta({examples: ['x', 1]})
    expect(jsonSchemaOf(schema)).toMatchObject({examples: ['x', 1], type: ['string', 'integer']})
  })
})

describe('of a schema that cannot be told', () => {
  test.each([
    ['whose default throws', z.string().default(boom)],
    ['whose example is no JSON', z.bigint().meta({examples: [7n]})],
  ])('as one %s, it is the description', (_, schema) => {
    const described = schema.meta({description: 'What.'})
    expect(() => toJsonSchema(described)).toThrow()
    expect(jsonSchemaOf(described)).toEqual({description: 'What.'})
    expect(jsonSchemaOf(schema)).toEqual({})
  })

  test('it is the description that is nearest', () => {
    const inner = z.string().default(boom).meta({description: 'Inner.'})
    expect(jsonSchemaOf(inner.nullable().optional())).toEqual({description: 'Inner.'})
    expect(jsonSchemaOf(inner.nullable().meta({description: 'Outer.'}).optional())).toEqual({
      description: 'Outer.',
    })
  })
})

test.each([
  [true, 'a string', z.string()],
  [true, 'anything', z.unknown()],
  [false, 'what is optional', z.string().optional()],
  [false, 'what has a default', z.string().default('x')],
  [false, 'what has a fallback', z.string().catch('x')],
])('it is %s that an object has to have a key of %s', (required, _, schema) => {
  expect(isRequired(schema)).toBe(required)
  expect(z.strictObject({key: schema}).safeParse({}).success).toBe(!required)
})

import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {guardedSchema} from '../../src/instances/guarded-schema.js'

/** What an object with one key of a plugin's schema is found to be. */
function checked(schema: z.ZodType, value: object): unknown {
  const {data, error} = z.strictObject({key: guardedSchema(schema, 'a')}).safeParse(value)
  return error?.issues.map(({path, message}) => `${path.join('.')}: ${message}`) ?? data
}

const boom = (): never => {
  throw new Error('boom')
}

describe('a schema does what it did:', () => {
  test.each([
    ['a value that fits', z.string(), {key: 'x'}, {key: 'x'}],
    ['one that does not', z.string('must be text'), {key: 1}, ['key: must be text']],
    [
      'one within it',
      z.strictObject({inner: z.array(z.string('must be text'))}),
      {key: {inner: [1]}},
      ['key.inner.0: must be text'],
    ],
    ['one that is missing', z.string('must be text'), {}, ['key: must be text, says a']],
    ['one that need not be there', z.string().optional(), {}, {}],
    ['a default', z.string().default('x'), {}, {key: 'x'}],
    [
      'a default that is checked',
      z.string().min(2, 'must be longer').prefault('x'),
      {},
      ['key: must be longer, says a'],
    ],
    ['a transformation', z.string().transform(text => text.length), {key: 'x'}, {key: 1}],
    ['a refinement', z.string().refine(text => text === 'x', 'must be x'), {key: 'y'}, ['key: must be x']],
    [
      'several issues',
      z.string().min(2, 'must be longer').regex(/^a/u, 'must begin with a'),
      {key: 'x'},
      ['key: must be longer', 'key: must begin with a'],
    ],
    ['a pipe', z.string().pipe(z.coerce.number()), {key: '7'}, {key: 7}],
    ['a schema that is lazy', z.lazy(() => z.string()), {key: 'x'}, {key: 'x'}],
  ])('%s', (_, schema, value, result) => {
    expect(checked(schema, value)).toEqual(result)
  })

  test('also where it is asked alone', () => {
    expect(guardedSchema(z.string(), 'a').safeParse('x').data).toBe('x')
    expect(z.safeParse(guardedSchema(z.string(), 'a'), 1).success).toBe(false)
  })

  test.each([
    ['a plain one', z.string()],
    ['one that need not be there', z.string().optional()],
    ['one with a default', z.string().default('x')],
    ['one with a default that is checked', z.string().prefault('x')],
    ['one with a fallback', z.string().catch('x')],
    ['one that may be null', z.string().nullable()],
    ['one that is lazy', z.lazy(() => z.string())],
    ['one that calls itself', z.json()],
    ['a pipe', z.string().pipe(z.coerce.number())],
    ['an object', z.strictObject({inner: z.array(z.url()).optional()})],
  ])('and says what it means: %s', (_, plain) => {
    const schema = plain.meta({description: 'Where it is.'})
    expect(guardedSchema(schema, 'a').meta()).toEqual({description: 'Where it is.'})
    const told = z.toJSONSchema(guardedSchema(schema, 'a'), {io: 'input'})
    expect(told.description).toBe('Where it is.')
    expect(told).toEqual(z.toJSONSchema(schema, {io: 'input'}))
  })
})

describe('a schema that fails is an issue of its value, and names its plugin:', () => {
  const asynchronous = 'key: could not be checked by a: its schema is asynchronous'
  test.each([
    ['one that throws', z.string().refine(boom), {key: 'x'}, 'key: could not be checked by a: boom'],
    [
      'a transformation that throws',
      z.string().transform(boom),
      {key: 'x'},
      'key: could not be checked by a: boom',
    ],
    ['a default that throws', z.string().default(boom), {}, 'key: could not be checked by a: boom'],
    [
      'an error message that throws',
      z.string({error: boom}),
      {key: 1},
      'key: could not be checked by a: boom',
    ],
    ['one that is asynchronous', z.string().refine(async () => true), {key: 'x'}, asynchronous],
    ['one that rejects', z.string().refine(async () => boom()), {key: 'x'}, asynchronous],
    ['an asynchronous transformation', z.string().transform(async text => text), {key: 'x'}, asynchronous],
    [
      'a transformation into what JSON cannot hold',
      z.string().transform(BigInt),
      {key: '7'},
      'key: could not be checked by a: Do not know how to serialize a BigInt',
    ],
    [
      'an error message that is no text',
      z.string({error: () => Object.create(null)}),
      {key: 1},
      'key: Invalid input: expected string, received number',
    ],
    [
      'one that throws what has no message',
      z.string().refine(() => {
        throw Object.create(null)
      }),
      {key: 'x'},
      'key: could not be checked by a: it threw what cannot be shown',
    ],
  ])('%s', (_, schema, value, issue) => {
    expect(checked(schema, value)).toEqual([issue])
  })

  test('and keeps nothing else from being checked', () => {
    const schema = z.strictObject({
      one: guardedSchema(z.string().refine(boom), 'a'),
      two: guardedSchema(z.number('must be a number'), 'b'),
    })
    expect(schema.safeParse({one: 'x', two: 'y'}).error?.issues.map(({message}) => message)).toEqual([
      'could not be checked by a: boom',
      'must be a number',
    ])
  })
})

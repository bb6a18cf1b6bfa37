import {expect, test} from 'vitest'
import {isJsonObject, type JsonObject} from '../../../src/contract/json-value.js'
import {HostError, UsageError, VmrunError} from '../../../src/errors/errors.js'
import {parsePlaceholders, resolvePlaceholders} from '../../../src/instances/placeholders/placeholders.js'
import {env as envPlaceholder, file as filePlaceholder} from '../../../src/instances/placeholders/sources.js'

const env = {A: 'a-value', B: 'b-value', EMPTY: '', NESTED: '${{ env:A }} $${{'}

async function resolve(config: JsonObject): Promise<JsonObject> {
  const surroundings = {environment: env, directory: '/'}
  const sources = [envPlaceholder, filePlaceholder].map(
    ({name, resolve: find}) => [name, (argument: string) => find(argument, surroundings)] as const,
  )
  return await resolvePlaceholders({name: 'vm-1', config}, new Map(sources))
}

async function failuresOf(config: JsonObject): Promise<string[]> {
  const error: unknown = await resolve(config).catch((failure: unknown) => failure)
  expect(error).toBeInstanceOf(VmrunError)
  return error instanceof Error ? error.message.split('\n') : []
}

function parsed(text: string): JsonObject {
  const value: unknown = JSON.parse(text)
  return isJsonObject(value) ? value : {}
}

test.each<[string, JsonObject, JsonObject]>([
  [
    'whole values and parts of strings, at every depth',
    {whole: '${{ env:A }}', deep: [{x: ['<${{env:A}}|${{ env:B }}>']}], empty: '${{ env:EMPTY }}'},
    {whole: 'a-value', deep: [{x: ['<a-value|b-value>']}], empty: ''},
  ],
  ['no keys', {'${{ env:A }}': 'x'}, {'${{ env:A }}': 'x'}],
  ['what a source gives but once', {a: '${{ env:NESTED }}'}, {a: '${{ env:A }} $${{'}],
])('placeholders are resolved in configs: %s', async (_, config, resolved) => {
  expect(await resolve(config)).toEqual(resolved)
})

test('the order of keys and a key called __proto__ survive, and the instance is not changed', async () => {
  const text = '{"b":"${{ env:A }}","__proto__":{"t":"${{ env:B }}"},"a":1}'
  const config = parsed(text)
  expect(JSON.stringify(await resolve(config))).toBe('{"b":"a-value","__proto__":{"t":"b-value"},"a":1}')
  expect(JSON.stringify(config)).toBe(text)
})

test('every failure is listed in order, with instance, key and what was looked for, and no value', async () => {
  expect(
    await failuresOf({
      good: '${{ env:A }}',
      tokens: ['${{ env:NONE }}', '${{ file:/no/such }} ${{ env:B }}'],
      'a b': '${{ evn:A }}',
      open: 's3cret ${{ env:A',
      again: 'x${{ env:NONE }}${{ other:A }}',
    }),
  ).toEqual([
    'vm-1: config.tokens[0]: the environment variable NONE is not set',
    'vm-1: config.tokens[1]: the file /no/such does not exist',
    'vm-1: config["a b"]: unknown function evn in a placeholder (did you mean env?)',
    'vm-1: config.open: a placeholder is not closed with }} ' +
      '(write ${{ NAME:ARGUMENT }}, or $${{ where the text ${{ itself is meant)',
    'vm-1: config.again: the environment variable NONE is not set',
    'vm-1: config.again: unknown function in a placeholder (there are env, file; ' +
      'a plugin may add it: "vmrun plugins" lists those that this user has)',
  ])
})

test('what a configuration names cannot act on the terminal', async () => {
  expect((await failuresOf({'\u001b': '${{ env:\u001b[2J }}'})).join('')).not.toMatch(/\p{Cc}/u)
})

test('one failure that is the user’s makes all of it theirs, and every hint is there once', async () => {
  const sources = new Map<string, () => Promise<string>>([
    ['vault', () => Promise.reject(new HostError('the vault is sealed', {hint: 'Unseal it.'}))],
    ['old', () => Promise.reject(new HostError('the agent is gone', {hint: 'Start it.'}))],
    ['env', () => Promise.reject(new UsageError('A is not set', {hint: 'Set it.'}))],
    ['bare', () => Promise.reject(new Error('no\nluck'))],
  ])
  const fail = (config: JsonObject) => resolvePlaceholders({name: 'vm-1', config}, sources)
  await expect(
    fail({a: '${{ env:A }}', b: '${{ vault:x }}${{ vault:y }}', c: '${{ old:x }}'}),
  ).rejects.toEqual(
    new UsageError(
      [
        'vm-1: config.a: A is not set',
        'vm-1: config.b: the vault is sealed',
        'vm-1: config.b: the vault is sealed',
        'vm-1: config.c: the agent is gone',
      ],
      {hint: ['Set it.', 'Unseal it.', 'Start it.']},
    ),
  )
  await expect(fail({a: '${{ old:x }}', b: '${{ vault:x }}'})).rejects.toThrow(HostError)
  await expect(fail({a: '${{ bare:x }}'})).rejects.toEqual(new HostError('vm-1: config.a: no\\u000aluck'))
  await expect(fail({a: '${{ env:A }}', b: '${{ env:B }}'})).rejects.toEqual(
    new UsageError(['vm-1: config.a: A is not set', 'vm-1: config.b: A is not set'], {hint: 'Set it.'}),
  )
})

test('a source is asked once for each argument, with the blanks around it gone', async () => {
  const asked: string[] = []
  const sources = new Map([
    [
      'vault',
      (argument: string) => {
        asked.push(argument)
        return Promise.resolve(argument.toUpperCase())
      },
    ],
  ])
  const config = {a: '${{ vault: x }}', b: ['${{vault:x}} ${{ vault:y }}']}
  expect(await resolvePlaceholders({name: 'vm-1', config}, sources)).toEqual({a: 'X', b: ['X Y']})
  expect(asked).toEqual(['x', 'y'])
})

test.each([
  ['plain $ text {{ }} ${x}', 'plain $ text {{ }} ${x}'],
  ['${{ env:A }}', '<env|A>'],
  ['${{env:A}}', '<env|A>'],
  ['${{\n env : A \t}}', '<env|A>'],
  ['a${{env:A}}b${{file:/x y}}c', 'a<env|A>b<file|/x y>c'],
  ['${{env:A}}${{env:B}}', '<env|A><env|B>'],
  ['${{ file:C:/a:b{c} }}', '<file|C:/a:b{c}>'],
  ['${{ my-vault2:a/b#c }}', '<my-vault2|a/b#c>'],
  ['$${{ env:A }}', '${{ env:A }}'],
  ['a$${{b$${{', 'a${{b${{'],
  ['$$${{ env:A }}', '$${{ env:A }}'],
  ['$${{${{ env:A }}', '${{<env|A>'],
  ['${{ env:A }}$${{', '<env|A>${{'],
  ['${{ env:A }}}', '<env|A>}'],
  ['${{ env:A', '<a placeholder is not closed with }}>'],
  ['${{ }}', '<a placeholder does not consist of a name, a colon and an argument>'],
  ['${{ A }}', '<a placeholder does not consist of a name, a colon and an argument>'],
  ['${{ 1:A }}', '<a placeholder does not consist of a name, a colon and an argument>'],
  ['${{ env: }}', '<a placeholder has nothing behind its colon>'],
])('%s is taken apart into %s', (text, expected) => {
  const parts = Array.from(parsePlaceholders(text), segment =>
    typeof segment === 'string' ? segment : `<${Object.values(segment).join('|')}>`,
  )
  expect(parts.join('')).toBe(expected)
})

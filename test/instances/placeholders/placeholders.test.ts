import {expect, test} from 'vitest'
import {isJsonObject, type JsonObject} from '../../../src/contract/json-value.js'
import {HostError, UsageError, VmrunError} from '../../../src/errors/errors.js'
import {resolvePlaceholders} from '../../../src/instances/placeholders/placeholders.js'
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

test('placeholders are resolved as whole values and inside strings, at every depth', async () => {
  expect(
    await resolve({
      whole: '${{ env:A }}',
      deep: [{x: ['<${{env:A}}|${{ env:B }}>']}],
      empty: '${{ env:EMPTY }}',
    }),
  ).toEqual({whole: 'a-value', deep: [{x: ['<a-value|b-value>']}], empty: ''})
})

test('everything else stays as it is, literals excepted', async () => {
  expect(await resolve({a: [1, 0.5, true, null, '', 'x'], b: {}, c: [], d: '$${{ env:A }}'})).toEqual({
    a: [1, 0.5, true, null, '', 'x'],
    b: {},
    c: [],
    d: '${{ env:A }}',
  })
})

test('keys are never resolved', async () => {
  expect(await resolve({'${{ env:A }}': 'x'})).toEqual({'${{ env:A }}': 'x'})
})

test('what a source gives is never resolved again', async () => {
  expect(await resolve({a: '${{ env:NESTED }}'})).toEqual({a: '${{ env:A }} $${{'})
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

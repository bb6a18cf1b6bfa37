import {expect, test} from 'vitest'
import {z} from 'zod'
import {checkText} from '../../src/instances/instances-file.js'
import {keySchemas} from '../../src/instances/schema.js'
import {describeViolation} from '../../src/instances/value-hint.js'
import {problemsOf} from './read-text.js'

const seed = '"name": "a", "image": "i", "timeout-seconds": 5, "config": {}'

async function problemWith(key: string, value: string): Promise<string[]> {
  return await problemsOf(`[{${seed},\n"${key}": ${value}}]`)
}

test.each([
  ['cpu-cores', '0', 'cpu-cores must be a whole number from 1 to 512, not 0'],
  ['cpu-cores', '1.5', 'cpu-cores must be a whole number from 1 to 512, not 1.5 (write 2)'],
  ['cpu-cores', '1e300', 'cpu-cores must be a whole number from 1 to 512, not 1e+300'],
  ['cpu-cores', 'null', 'cpu-cores must be a whole number from 1 to 512, not null'],
  [
    'cpu-cores',
    '"4"',
    'cpu-cores must be a whole number from 1 to 512, not the string "4" (write 4 without the quotes)',
  ],
  ['cpu-cores', '"0"', 'cpu-cores must be a whole number from 1 to 512, not the string "0"'],
  [
    'ram',
    '"4GB"',
    'ram must be a whole number and one of K, M, G and T, such as "4G", not the string "4GB" (write "4G")',
  ],
  ['ram', '4096', 'ram must be a whole number and one of K, M, G and T, such as "4G", not 4096'],
  [
    'accelerator',
    '"KVM"',
    'accelerator must be "auto", "kvm", "tcg" or "hvf", not the string "KVM" (did you mean kvm?)',
  ],
  [
    'network',
    '"isolate"',
    'network must be "user", "none" or "isolated", not the string "isolate" (did you mean isolated?)',
  ],
  ['relax', '"spawn"', 'relax must be an array of names of protections, not the string "spawn"'],
  [
    'config-disk',
    '{"bus": "ide"}',
    'config-disk must be a kind of config disk, such as "cdrom", or an object with a "kind", such as {"kind": "cdrom", "bus": "ide"}, not an object',
  ],
])('%s: %s is one plain sentence at the value', async (key, value, message) => {
  expect(await problemWith(key, value)).toEqual([`2:${`"${key}": `.length + 1}: error: ${message}`])
})

test('a missing key is reported at its entry', async () => {
  expect(await problemsOf('[\n  {"name": "a", "image": "i", "config": {}}]')).toEqual([
    '2:3: error: timeout-seconds is missing: it must be a whole number from 1 to 2147483648',
  ])
})

/** What is found in a file of one entry whose key `gpu` is a plugin's with this schema. */
function problemsWith(schema: z.ZodType, value: string | undefined): readonly string[] {
  const keys = value === undefined ? '' : `, "gpu": ${value}`
  const {findings} = checkText(`[{${seed}${keys}}]`, {
    hostArchitecture: 'x86_64',
    instanceKeys: [{name: 'gpu', plugin: 'a', schema}],
  })
  return findings.map(({key, message}) => `${key}: ${message}`)
}

test('a key whose schema words its own messages, as that of a plugin may, is placed down to the inner value', () => {
  const schema = z.strictObject({slots: z.array(z.int('slots are counted'))})
  expect(problemsWith(schema, '{"slots": [1, "s"]}')).toEqual([
    'gpu.slots[1]: gpu.slots[1]: slots are counted',
  ])
})

test('of a key that is missing the plugin is told that needs it', () => {
  expect(problemsWith(z.string('must be text'), undefined)).toEqual([
    'gpu: gpu is missing: it must be text, says a',
  ])
})

test.each([
  ['throws', z.string().refine(() => JSON.parse('{'))],
  ['is asynchronous', z.string().refine(async () => true)],
  ['makes what JSON cannot hold', z.string().transform(() => 7n)],
])('a schema of a plugin that %s is a problem of its key, and names the plugin', (_, schema) => {
  expect(problemsWith(schema, '"x"')).toEqual([
    expect.stringMatching(/^gpu: gpu: could not be checked by a: /u),
  ])
})

const own = keySchemas({hostArchitecture: 'x86_64', instanceKeys: []})

test.each<[string, string | number, string, string | undefined]>([
  [
    'name',
    '',
    '--flag must be a string of 1 to 255 characters, all of them printable, not the string ""',
    undefined,
  ],
  ['timeout-seconds', 0, '--flag must be a whole number from 1 to 2147483648, not 0', undefined],
  [
    'ram',
    '4GB',
    '--flag must be a whole number and one of K, M, G and T, such as "4G", not the string "4GB"',
    'write "4G"',
  ],
])('a value of %s alone is told in the words of the file: %j', (key, value, message, hint) => {
  expect(describeViolation(own[key] ?? z.never(), value, key, '--flag')).toEqual({message, hint})
})

test('of a value that holds nothing is told', () => {
  expect(describeViolation(own['timeout-seconds'] ?? z.never(), 1, 'timeout-seconds', 'it')).toBeUndefined()
})

import {expect, test} from 'vitest'
import {z} from 'zod'
import {checkText} from '../../src/instances/instances-file.js'
import {keySchemas} from '../../src/instances/schema.js'
import {describeMistake} from '../../src/instances/value-hint.js'
import {problemsOf, readText} from './read-text.js'

const seed = '"name": "a", "image": "i", "timeout-seconds": 5, "config": {}'
const mustBeCores = 'cpu-cores must be a whole number from 1 to 512, not'
const mustBeSize = 'ram must be a whole number and one of K, M, G and T, such as "4G", not'

test.each([
  ['cpu-cores', '0', `${mustBeCores} 0`],
  ['cpu-cores', '1.5', `${mustBeCores} 1.5`],
  ['cpu-cores', '1e300', `${mustBeCores} 1e+300`],
  ['cpu-cores', 'null', `${mustBeCores} null`],
  ['cpu-cores', '"4"', `${mustBeCores} the string "4" (write 4 without the quotes)`],
  ['cpu-cores', '"0"', `${mustBeCores} the string "0"`],
  ['ram', '"4GB"', `${mustBeSize} the string "4GB" (write "4G")`],
  ['ram', '4096', `${mustBeSize} 4096`],
  ['start-seconds', '"2 Min"', /the string "2 Min" \(write 120: it is in seconds\)$/u],
  ['accelerator', '"KVM"', /"hvf", not the string "KVM" \(did you mean kvm\?\)$/u],
  ['network', '"isolate"', /or "isolated", not the string "isolate" \(did you mean isolated\?\)$/u],
  ['relax', '"spawn"', 'relax must be an array of names of protections, not the string "spawn"'],
  [
    'relax',
    '["spaw"]',
    /^relax\[0\] must be "obsolete", .*, not the string "spaw" \(did you mean spawn\?\)$/u,
  ],
  [
    'config-disk',
    '{"bus": "ide"}',
    /^config-disk must be .* \{"kind": "cdrom", "bus": "ide"\}, not an object$/u,
  ],
])('%s: %s is one plain sentence at the value', async (key, value, message) => {
  const [problem = '', ...others] = await problemsOf(`[{${seed},\n"${key}": ${value}}]`)
  const place = `2:${`"${key}": `.length + 1 + (value.startsWith('[') ? 1 : 0)}: error: `
  expect(problem.slice(0, place.length)).toBe(place)
  expect(problem.slice(place.length)).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  )
  expect(others).toEqual([])
})

test('a missing key is reported at its entry', async () => {
  expect(await problemsOf('[\n  {"name": "a", "image": "i", "config": {}}]')).toEqual([
    '2:3: error: timeout-seconds is missing: it must be a whole number from 1 to 2147483648',
  ])
})

/** What is found in a file of one entry whose key `gpu` is a plugin's with this schema. */
function problemsWith(schema: z.ZodType, value: string | undefined): readonly string[] {
  const keys = value === undefined ? '' : `, "gpu": ${value}`
  const {problems} = checkText(`[{${seed}${keys}}]`, {
    hostArchitecture: 'x86_64',
    instanceKeys: [{name: 'gpu', plugin: 'a', schema}],
  })
  return problems.map(({key, message}) => `${key}: ${message}`)
}

const counted = z.strictObject({slots: z.array(z.int('slots are counted'))})

test.each<[string, z.ZodType, string | undefined, string]>([
  [
    'words its own messages is placed down to the inner value',
    counted,
    '{"slots": [1, "s"]}',
    'gpu.slots[1]: gpu.slots[1]: slots are counted',
  ],
  [
    'needs the key names the plugin',
    z.string('must be text'),
    undefined,
    'gpu: gpu is missing: it must be text, says a',
  ],
])('a schema of a plugin that %s', (_, schema, value, message) => {
  expect(problemsWith(schema, value)).toEqual([message])
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

test('a value alone is told in the words of the file', () => {
  const schema = keySchemas({instanceKeys: []})['ram'] ?? z.never()
  expect(describeMistake(schema, '4GB', 'ram', '--flag')).toEqual({
    message: `${mustBeSize.replace('ram', '--flag')} the string "4GB"`,
    hint: 'write "4G"',
  })
  expect(describeMistake(schema, '4G', 'ram', '--flag')).toBeUndefined()
})

test.each([
  ['timeout_seconds', 'did you mean timeout-seconds?'],
  ['disk', 'did you mean root-disk?'],
  ['webhook', expect.stringMatching(/^the plugin vmrun-plugin-webhook adds it/u)],
  [
    'gpu',
    expect.stringMatching(
      /^the keys are name, .*; a plugin may add it: "vmrun plugins" lists those that this user has$/u,
    ),
  ],
  [
    '__proto__',
    expect.stringContaining(
      'the keys are name, image, timeout-seconds, ready-seconds, idle-seconds, config, arch',
    ),
  ],
])('the unknown key %s is reported at the key', async (key, hint) => {
  const {problems} = await readText(`[{${seed},\n"${key}": 1}]`)
  expect(problems).toMatchObject([{line: 2, column: 1, key, message: `unknown key "${key}"`, hint}])
})

test('a key that is mistyped is not missing as well', async () => {
  const {problems} = await readText(`[{${seed.replace('timeout-seconds', 'timeout_seconds')}}]`)
  expect(problems.map(({rule}) => rule)).toEqual(['vmrun/unknown-key'])
})

test.each([
  ['"network": "none", "ssh-port": 22, "ram": 4', ['port-without-network', 'invalid-value']],
  ['"network": "nine", "ssh-port": 22', ['invalid-value']],
  ['"network": "none", "ssh-port": 0', ['invalid-value']],
  ['"network": "isolated", "ssh-port": 22', []],
  ['"network": "user", "ssh-port": 22', []],
  ['"network": "none"', []],
])('%s breaks %j: a port is looked at where it and the network hold', async (keys, rules) => {
  const {problems} = await readText(`[{${seed}, ${keys}}]`)
  expect(problems.map(({rule}) => rule)).toEqual(rules.map(rule => `vmrun/${rule}`))
})

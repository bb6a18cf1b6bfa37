import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {HostError, UsageError} from '../../src/errors/errors.js'
import {laidOver} from '../../src/instances/job-config.js'
import {inputFiles} from '../../src/launch/input-files.js'
import {resolveConfig} from '../../src/launch/resolve-config.js'
import {type OpenedInstance, openInstance} from '../../src/validation/open-instance.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {writtenInstances} from '../validation/written-instances.js'

/** An instance with this config, opened with a file of this content. */
async function opened(config: object, content: string | Uint8Array): Promise<OpenedInstance> {
  const {directory, file} = await writtenInstances({config})
  const path = join(directory, 'job.json')
  await writeFile(path, content)
  return await openInstance(file, 'vm-1', ownRegistry, path)
}

/** What is said of such a file, a line a problem, without its path. */
async function saidOf(content: string | Uint8Array): Promise<string> {
  const error = await opened({}, content).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  return error instanceof UsageError ? error.message.replaceAll(/^\/.*?job\.json:?/gmu, '') : ''
}

test.each([
  [{a: 1}, {b: 2}, {a: 1, b: 2}],
  [{a: 1}, {a: 2}, {a: 2}],
  [{a: {b: {c: 1, d: 2}, e: 3}}, {a: {b: {c: 4}}}, {a: {b: {c: 4, d: 2}, e: 3}}],
  [{a: [1, 2]}, {a: [3]}, {a: [3]}],
  [{a: [{b: 1}]}, {a: [{c: 1}]}, {a: [{c: 1}]}],
  [{a: {b: 1}}, {a: null}, {a: null}],
  [{a: {b: 1}}, {a: 'text'}, {a: 'text'}],
  [{a: {b: 1}}, {a: [1]}, {a: [1]}],
  [{a: [1]}, {a: {b: 1}}, {a: {b: 1}}],
  [{a: null}, {a: {b: 1}}, {a: {b: 1}}],
  [{a: {b: 1}}, {a: {}}, {a: {b: 1}}],
  [{a: 1}, {}, {a: 1}],
])(
  'objects are merged, and anything else takes the place of what was there: %j and %j',
  (below, above, merged) => {
    expect(laidOver(below, above)).toEqual(merged)
  },
)

test.each(['__proto__', 'constructor', 'toString'])('the key %s is data', key => {
  const [below, above] = [JSON.parse(`{"${key}": {"a": 1}}`), JSON.parse(`{"${key}": {"b": 2}}`)]
  expect(JSON.stringify(laidOver(below, above))).toBe(`{"${key}":{"a":1,"b":2}}`)
  expect(JSON.stringify(laidOver({}, above))).toBe(`{"${key}":{"b":2}}`)
  expect(Object.getPrototypeOf(laidOver({}, above))).toBe(Object.prototype)
})

test('placeholders of the instance are resolved, and what looks like one in the job’s is text', async () => {
  const job = {b: '${{ file:/etc/passwd }}', c: {d: ['$${{ env:TOKEN }}', '${{'], '${{': 1}}
  const both = await opened({a: '${{ env:TOKEN }}', b: '${{ env:UNSET }}'}, JSON.stringify(job))
  expect(await resolveConfig(both, ownRegistry, {TOKEN: 'secret'})).toEqual({a: 'secret', ...job})
})

test('what the instance’s file says is unchanged, and no output may be the job’s', async () => {
  const both = await opened({a: 1}, '{"a": 2}')
  expect(both.file.instances[0]?.config).toEqual({a: 1})
  expect(inputFiles(both)).toContain(both.jobConfig)
  const {jobConfig: _, ...without} = both
  expect(inputFiles(both)).toHaveLength(inputFiles(without).length + 1)
})

test.each<[string, string | Uint8Array, string]>([
  [
    'an array',
    '[]',
    '1:1: error: the config of the job must be an object, not an array (write an object: {…}) [vmrun/invalid-value]',
  ],
  [
    'a secret text',
    '"s3cret"',
    '1:1: error: the config of the job must be an object, not a string (write an object: {…}) [vmrun/invalid-value]',
  ],
  [
    'null',
    'null',
    '1:1: error: the config of the job must be an object, not null (write an object: {…}) [vmrun/invalid-value]',
  ],
  ['nothing', '\n', '1:1: error: the file is empty (write [{…}], or {…} for --config) [vmrun/empty-file]'],
  [
    'a mistake',
    '{\n  "a": 1,\n}',
    '2:9: error: a comma that has no value before or behind it (remove it, or write the value) [vmrun/trailing-comma]',
  ],
  [
    'two objects',
    '{}\n{}',
    '2:1: error: the end of the file is expected here (put all of it into one array or object, or remove the rest) [vmrun/unexpected-text]',
  ],
  [
    'a key twice',
    '{"a": {"b": 1, "b": 2}}',
    '1:16: error: the key "b" stands twice in one object, first at line 1, column 8 (remove one of the two) [vmrun/duplicate-key]',
  ],
  [
    'a number that is another one',
    '{"a": [12345678901234567890]}',
    '1:8: error: config.a[0] is a number that cannot be handed on exactly as it is written (write it as a string, in double quotes) [vmrun/inexact-number]',
  ],
  [
    'what is nested too deep',
    `{"a": ${'['.repeat(500)}${']'.repeat(500)}}`,
    '1:506: error: nested more than 500 levels deep (make it flatter) [vmrun/nested-too-deep]',
  ],
  [
    'too many values',
    `{"a": [${'0,'.repeat(1_000_000)}0]}`,
    '1:2000005: error: the file holds more than 1000000 values (make it smaller) [vmrun/too-large]',
  ],
  [
    'too many bytes',
    Buffer.alloc(2 ** 24 + 1, ' '),
    ' error: the file is larger than 16 MiB (make it smaller) [vmrun/too-large]',
  ],
  [
    'no UTF-8',
    Buffer.from('{"a": "\u00ff"}', 'latin1'),
    '1:8: error: the file is not UTF-8: this byte begins no character (save it as UTF-8) [vmrun/not-utf-8]',
  ],
])('%s is an error that says where and what to do, and shows no value', async (_, content, said) => {
  expect(await saidOf(content)).toBe(said)
})

test('one that is missing is the host’s to have at another try, and nothing but a file is opened', async () => {
  const {file} = await writtenInstances({})
  const open = (config: string): Promise<unknown> => openInstance(file, 'vm-1', ownRegistry, config)
  await expect(open('/proc/nonexistent')).rejects.toThrow(
    new HostError(
      '/proc/nonexistent: error: the config of the job does not exist ' +
        '(write it, or name another one; vmrun init writes an instances file) [vmrun/unreadable-file]',
    ),
  )
  await expect(open('/dev/zero')).rejects.toThrow('the config of the job is a device, not a file')
})

test('standard input is not read twice', async () => {
  await expect(openInstance('-', 'vm-1', ownRegistry, '-')).rejects.toThrow(
    new UsageError('--config and --file both want standard input', {hint: 'Name a file for one.'}),
  )
})

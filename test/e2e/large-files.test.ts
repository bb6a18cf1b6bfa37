import {expect, test} from 'vitest'
import {Host} from './host.js'

const instance = (name: string, config: object = {}) => ({
  name,
  image: 'a.qcow2',
  'timeout-seconds': 60,
  arch: 'x86_64',
  config,
})

/** As many keys. */
function keys(count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({length: count}, (_, index) => [`key-${index}`, index]))
}

/** Instances whose file is as large, in bytes. */
function instancesOf(bytes: number): readonly object[] {
  const config = {token: '${{ env:TOKEN }}', words: ['one', 'two', {three: 3}], text: 'x'.repeat(100)}
  const size = JSON.stringify(instance('vm-000000', config)).length + 1
  return Array.from({length: Math.ceil(bytes / size)}, (_, index) => instance(`vm-${index}`, config))
}

const clean = {stdout: '1 file: 0 errors, 0 warnings\n', stderr: '', exitCode: 0}

test.each<[string, () => string]>([
  ['of 15 MB', () => JSON.stringify(instancesOf(15_000_000))],
  ['with 600,000 keys in a config', () => JSON.stringify([instance('vm-1', keys(600_000))])],
])('a file %s is read and found to be right', async (_, text) => {
  const host = await Host.with()
  await host.write('instances.json', text())
  expect(await host.vmrun('validate', '--no-host-checks')).toMatchObject(clean)
})

test.each<[string, () => string, RegExp]>([
  [
    'with 300,000 placeholders that nobody knows',
    () => {
      const placeholders = Array.from({length: 300_000}, (_, index) => [`key-${index}`, '${{ evn:X }}'])
      return JSON.stringify([instance('vm-1', Object.fromEntries(placeholders))])
    },
    /1 file: 1001 errors/u,
  ],
  [
    'with 9,000 unknown keys',
    () => JSON.stringify([{...instance('vm-1'), ...keys(9000)}]),
    /1 file: 1001 errors/u,
  ],
  [
    'of 5 MB with a mistake at its end',
    () => `${JSON.stringify(instancesOf(5_000_000))}]`,
    /error\[vmrun\/unexpected-text\]/u,
  ],
  ['nested 100,000 deep', () => '['.repeat(100_000) + ']'.repeat(100_000), /nested more than 500 levels/u],
  [
    'with a config nested 100,000 deep',
    () => `[{"config": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]`,
    /nested more than 500 levels/u,
  ],
  ['of a million mistakes', () => `[${"'a',\n".repeat(1_000_000)}1]`, /1 file: 1 error/u],
])('a file %s is refused with an answer', async (_, text, answer) => {
  const host = await Host.with()
  await host.write('instances.json', text())
  const {stdout, stderr, exitCode} = await host.vmrun('validate', '--no-host-checks', '--format', 'pretty')
  expect(stdout).toMatch(answer)
  expect(stderr).toBe('')
  expect(exitCode).toBe(2)
})

const longest = 3_000_000

function filled(part: string): string {
  return part.repeat(longest / part.length)
}

/** An instance, the last element of whose array, in its config, nested as deep as it can be, is a null. */
function deep(part: string): string {
  return JSON.stringify([instance('vm-1', {})]).replace(
    '{}',
    `${'{"key":'.repeat(480)}[${filled(part)}null]${'}'.repeat(480)}`,
  )
}

test.each<[string, () => string]>([
  ['a key that is all there is', () => JSON.stringify([{...instance('vm-1'), [filled('keys')]: 1}])],
  ['instances all of which are wrong', () => `[${filled('{"nam":1},')}{}]`],
  ['escapes that are none', () => `["${filled('\\x')}"]`],
  ['strings with an escape that is none', () => `[${filled('"\\x",')}1]`],
  ['numbers that cannot be handed on, deep in a config', () => deep('1234567890123456789,')],
  ['placeholders that nobody knows, deep in a config', () => deep('"${{ evn:X }}",')],
  [
    'placeholders that nobody knows, in one string',
    () => JSON.stringify([instance('vm-1', {text: filled('${{ evn:X }}')})]),
  ],
  ['names of protections that there are not', () => `[{"relax":[${filled('"spaw",')}1]}]`],
  ['keys that stand twice', () => `[{"config":{${filled('"a":1,')}"b":1}}]`],
  ['keys beside the instances', () => `{"instances":[],${filled('"a":1,')}"b":1}`],
])('of %s, megabytes are told of in few words in every format', async (_, text) => {
  const host = await Host.with()
  await host.write('instances.json', text())
  for (const format of ['pretty', 'plain', 'json', 'github', 'sarif']) {
    const {stdout, stderr, exitCode} = await host.vmrun('validate', '--no-host-checks', '--format', format)
    expect(stdout).toContain('error')
    expect(stdout.length).toBeLessThan(3_000_000)
    expect(stderr).toBe('')
    expect(exitCode).toBe(2)
  }
  const {stderr} = await host.vmrun('list')
  expect(stderr.length).toBeLessThan(3_000_000)
})

test('a port that an instance of megabytes has is shared by very many', async () => {
  const host = await Host.with()
  const large = {...instance('vm-1', {text: 'x'.repeat(8_000_000)}), 'ssh-port': 22}
  const others = Array.from({length: 60_000}, (_, index) => ({
    ...instance(`vm-${index + 2}`),
    'ssh-port': 22,
  }))
  await host.write('instances.json', JSON.stringify([large, ...others]))
  const {stdout, exitCode} = await host.vmrun('validate', '--no-host-checks')
  expect(stdout).toMatch(/^1 file: 0 errors, 100\d warnings$/mu)
  expect(exitCode).toBe(0)
})

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
  ['of 50 MB', () => JSON.stringify(instancesOf(50_000_000))],
  ['with a million keys in a config', () => JSON.stringify([instance('vm-1', keys(1_000_000))])],
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
    /1 file: 300000 errors/u,
  ],
  [
    'with 100,000 unknown keys',
    () => JSON.stringify([{...instance('vm-1'), ...keys(100_000)}]),
    /1 file: 101 errors/u,
  ],
  [
    'of 5 MB with a mistake at its end',
    () => `${JSON.stringify(instancesOf(5_000_000))}]`,
    /: found \], expected the end of the file/u,
  ],
  ['nested 100,000 deep', () => '['.repeat(100_000) + ']'.repeat(100_000), /nested more than 500 levels/u],
  [
    'with a config nested 100,000 deep',
    () => `[{"config": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]`,
    /nested more than 500 levels/u,
  ],
  ['of a million mistakes', () => `[${"'a',\n".repeat(1_000_000)}1]`, /too many mistakes/u],
])('a file %s is refused with an answer', async (_, text, answer) => {
  const host = await Host.with()
  await host.write('instances.json', text())
  const {stdout, stderr, exitCode} = await host.vmrun('validate', '--no-host-checks', '--format', 'pretty')
  expect(stdout).toMatch(answer)
  expect(stderr).toBe('')
  expect(exitCode).toBe(2)
})

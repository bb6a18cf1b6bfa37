import {expect, test} from 'vitest'
import {Host} from './host.js'

test('of several formats the last counts, as a hook or a script has one of its own', async () => {
  const host = await Host.with({name: 'vm-1', 'cpu-core': 1})
  const lines = await host.vmrun('validate', '--format', 'pretty', '--format', 'plain', 'instances.json')
  expect(lines.stdout).toMatch(/^instances\.json:1:\d+: error: /u)
  expect(lines.exitCode).toBe(2)
  const frames = await host.vmrun('validate', '--format', 'plain', '--format', 'pretty', 'instances.json')
  expect(frames.stdout).toMatch(/^error\[vmrun\/unknown-key\]/u)
  expect(frames.exitCode).toBe(2)
})

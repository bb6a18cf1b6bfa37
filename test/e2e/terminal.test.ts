import {stripVTControlCharacters} from 'node:util'
import {expect, test} from 'vitest'
import {Host} from './host.js'

const escapeCode = '\u001b'

test('a terminal shows each step as it is done, the time that runs, and how the run ended', async () => {
  const host = await Host.with({name: 'vm-1', 'timeout-seconds': 3, config: {action: 'wait'}})
  const {stdout, exitCode} = await host.startOnTerminal('run', 'vm-1').ended
  expect(stdout).toMatch(/Overlay: 64 MiB on nano-\w+\.qcow2/u)
  expect(stdout).toMatch(/Guest: runs for \ds, \ds remain/u)
  expect(stdout).toMatch(/Guest: shut down when asked to/u)
  expect(stripVTControlCharacters(stdout).trimEnd()).toMatch(/timed-out after [\d.]+s \(exit code 124\)$/u)
  expect(exitCode).toBe(124)
})

test('Ctrl-C on a terminal reaches the guest as its power button, and the cursor comes back', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  const run = host.startOnTerminal('run', 'vm-1', '--console', 'console.log')
  await run.printed(/runs for/u)
  await expect.poll(() => host.read('console.log')).toContain('nano: waiting')
  run.type('\u0003')
  const {stdout, exitCode} = await run.ended
  expect(await host.read('console.log')).toContain('nano: button')
  expect(stdout).toContain('interrupted after')
  expect(stdout.lastIndexOf(`${escapeCode}[?25h`)).toBeGreaterThan(stdout.lastIndexOf(`${escapeCode}[?25l`))
  expect(exitCode).toBe(130)
  await host.expectNothingLeft()
})

test('a terminal that stalls holds up neither the timeout nor the end of the machine', async () => {
  const host = await Host.with({
    name: 'vm-1',
    'timeout-seconds': 2,
    'grace-seconds': 0,
    config: {action: 'chatter'},
  })
  const run = host.startOnTerminal('run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: action chatter/u)
  expect(await host.qemus()).toHaveLength(1)
  run.stopReading()
  await expect.poll(() => host.qemus(), {interval: 200}).toEqual([])
  run.readOn()
  expect((await run.ended).exitCode).toBe(124)
  await host.expectNothingLeft()
})

test('an error is shown once, below the steps, with what to do', async () => {
  const host = await Host.with({name: 'vm-1', image: 'missing.qcow2'})
  const {stdout, exitCode} = await host.startOnTerminal('run', 'vm-1').ended
  expect(stdout.match(/does not exist/gu)).toHaveLength(1)
  expect(stdout).toContain('relative to the instances file')
  expect(exitCode).toBe(1)
})

test.each([
  {where: 'on a pipe', ci: undefined, terminal: false},
  {where: 'on a terminal in CI', ci: 'true', terminal: true},
])('there are plain lines without escape codes $where', async ({ci, terminal}) => {
  const host = await Host.with({name: 'vm-1'})
  host.environment['CI'] = ci
  const run = terminal ? host.startOnTerminal('run', 'vm-1') : host.start('run', 'vm-1')
  const {stdout, exitCode} = await run.ended
  expect(stdout).toContain('vm-1: Guest: shut itself down')
  expect(stdout).not.toContain(escapeCode)
  expect(exitCode).toBe(0)
})

test('what a guest sends to the terminal by --console cannot act on it', async () => {
  const host = await Host.with({name: 'vm-1', config: {text: 'plain'}})
  const {stdout} = await host.startOnTerminal('run', 'vm-1', '--console', 'stdout').ended
  expect(stdout).toContain('nano: instance.json {"name":"vm-1","config":{"text":"plain"}}')
  expect(stdout).not.toContain(escapeCode)
})

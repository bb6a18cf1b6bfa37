import {expect, test} from 'vitest'
import {eventsOf, Host} from './host.js'

const said = 'nano: hello\nnano: instance.json {"name":"vm-1","config":{}}\n\nnano: action power-off\n'

test('nothing of the console is shown unless it is asked for', async () => {
  const host = await Host.with({name: 'vm-1'})
  const {stdout, stderr} = await host.vmrun('run', 'vm-1')
  expect(stdout + stderr).not.toContain('nano:')
})

test('--console stdout gives the console every byte of stdout, and vmrun itself speaks on stderr', async () => {
  const host = await Host.with({name: 'vm-1'})
  const {stdout, stderr} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(stdout).toBe(said)
  expect(stderr).toContain('vm-1: completed')
})

test('--console stdout with --json goes to stderr, and stdout is JSON alone', async () => {
  const host = await Host.with({name: 'vm-1'})
  const ending = await host.vmrun('run', 'vm-1', '--console', 'stdout', '--json')
  expect(ending.stderr).toBe(said)
  expect(eventsOf(ending).at(-1)).toMatchObject({type: 'verdict', verdict: 'completed', exitCode: 0})
})

test('--console FILE appends to the file, which its user alone can read', async () => {
  const host = await Host.with({name: 'vm-1'})
  await host.vmrun('run', 'vm-1', '--console', 'console.log')
  expect(await host.read('console.log')).toBe(said)
  expect(await host.mode('console.log')).toBe('600')
  await host.vmrun('run', 'vm-1', '--console', 'console.log')
  expect(await host.read('console.log')).toBe(said + said)
})

test('a console file that cannot be written is found before anything starts', async () => {
  const host = await Host.with({name: 'vm-1'})
  const {exitCode, stdout, stderr} = await host.vmrun('run', 'vm-1', '--console', 'missing/console.log')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('cannot write the console to missing/console.log')
  expect(stdout).toBe('')
  await host.expectNothingLeft()
})

test.each([
  {reader: 'reads one line and goes', script: '"$@" | head -n 1'},
  {reader: 'never reads', script: 'mkfifo pipe && exec 3<>pipe && "$@" >pipe'},
  {reader: 'writes it to a full disk', script: '"$@" >/dev/full'},
  {reader: 'is a named pipe and never reads', script: 'mkfifo pipe && exec 3<>pipe && "$@"', console: 'pipe'},
])(
  'a run ends in time though whoever has the console of a chattering guest $reader',
  async ({script, console = 'stdout'}) => {
    const host = await Host.with({
      name: 'vm-1',
      'timeout-seconds': 1,
      'grace-seconds': 0,
      config: {action: 'chatter'},
    })
    const {stdout, stderr} = await host.startInShell(script, 'run', 'vm-1', '--console', console).ended
    expect(stdout + stderr).toContain('vm-1: timed-out')
    await host.expectNothingLeft()
  },
)

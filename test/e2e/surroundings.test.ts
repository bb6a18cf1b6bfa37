import {spawnSync} from 'node:child_process'
import {chown} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {Host} from './host.js'

test('SIGUSR1 opens no debugger, by which others could have vmrun do anything, and ends nothing', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  run.signal('SIGUSR1')
  run.signal('SIGTERM')
  const {exitCode, stderr} = await run.ended
  expect(stderr).not.toContain('Debugger')
  expect(exitCode).toBe(143)
  await host.expectNothingLeft()
})

test.each(['0000', '0777'])(
  'under the umask %s, what vmrun makes is for its own user, who can use it',
  async mask => {
    const host = await Host.with({name: 'vm-1'})
    const script = `umask ${mask}; exec "$@"`
    const run = await host.startInShell(script, 'run', 'vm-1', '--console', 'console.log').ended
    expect(run).toMatchObject({exitCode: 0})
    expect(await host.mode('console.log')).toBe('600')
    expect(await host.read('console.log')).toContain('nano:')
    expect(await host.startInShell(script, 'build-iso', 'vm-1').ended).toMatchObject({exitCode: 0})
    expect(await host.mode('vm-1.iso')).toBe('600')
    await host.expectNothingLeft()
  },
)

const unknown = 54_321
const asUnknown = ['setpriv', `--reuid=${unknown}`, `--regid=${unknown}`, '--clear-groups', '--']
const reachable =
  process.getuid?.() === 0 &&
  spawnSync(asUnknown[0] ?? '', [...asUnknown.slice(1), 'test', '-r', Host.program]).status === 0

test.runIf(reachable).each([['HOME', undefined] as const, ['HOME', '/'] as const])(
  'a user whom the host does not know, with %s %j, can use it as well',
  async (name, value) => {
    const host = await Host.with({name: 'vm-1'})
    await Promise.all(['.', 'work', 'instances.json'].map(entry => chown(host.path(entry), unknown, unknown)))
    host.environment[name] = value
    const {exitCode, stdout, stderr} = await host.startUnder(asUnknown, 'list').ended
    expect(stderr).toBe('')
    expect(stdout).toContain('vm-1')
    expect(exitCode).toBe(0)
  },
)

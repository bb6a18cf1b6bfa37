import {expect, test} from 'vitest'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {guestImage} from '../guest-image.js'
import {eventsOf, Host} from './host.js'
import {installPlugins} from './plugins.js'

test('Debian’s own agent shuts a guest down whose machine has no power button', async () => {
  const {probe: _, ...machine} = x86_64
  const architecture = {...machine, name: 'buttonless', hosts: [], powerButton: false}
  const host = await Host.with({
    ...{
      name: 'vm-1',
      arch: 'buttonless',
      image: await guestImage('cloud-x86_64'),
      ram: '512M',
      'cpu-cores': 2,
    },
    ...{'timeout-seconds': 900, 'grace-seconds': 300, 'guest-agent': true, 'config-disk': 'nocloud'},
    config: {
      'user-data': {
        runcmd: [
          'until systemctl is-active qemu-guest-agent; do sleep 1; done; echo "guest: the agent runs" >/dev/console',
        ],
      },
    },
  })
  const definition = JSON.stringify({apiVersion: 1, architectures: [architecture]})
  await installPlugins(host, {
    name: 'vmrun-plugin-buttonless',
    module: `export default async () => (${definition})\n`,
  })
  const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
  await run.printed(/guest: the agent runs/u)
  run.signal('SIGTERM')
  const {stdout, exitCode} = await run.ended
  const shutdowns = eventsOf({stdout}).filter(({type}) => type === 'shutting-down')
  expect(shutdowns).toMatchObject([{cause: 'terminated', rung: 'agent', graceSeconds: 300}])
  expect(stdout).toContain('Guest: shut down when asked to')
  expect(exitCode).toBe(143)
  await host.expectNothingLeft()
}, 1_800_000)

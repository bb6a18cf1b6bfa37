import {chmod} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Command} from './command.js'
import {Host} from './host.js'

test('a guest with cloud-init, as it is, takes its users’ data, its name and its network from the config', async () => {
  const host = await Host.with({
    name: 'vm-1',
    image: await guestImage('cloud-x86_64'),
    ram: '512M',
    'cpu-cores': 2,
    'timeout-seconds': 900,
    'config-disk': 'nocloud',
    config: {
      'user-data': {
        write_files: [{path: '/run/token', content: '${{ env:TOKEN }} "ä"'}],
        runcmd: [
          'echo "guest: $(hostname), $(cat /run/token), $(ip -o -4 address show eth0 | cut -d " " -f 7)" >/dev/console',
          ['poweroff'],
        ],
      },
      'network-config': {
        version: 1,
        config: [
          {
            type: 'physical',
            name: 'eth0',
            subnets: [{type: 'static', address: '10.0.2.77/24', gateway: '10.0.2.2'}],
          },
        ],
      },
    },
  })
  host.environment['TOKEN'] = 'a token'
  const {exitCode, stdout, stderr} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(stdout).toContain('guest: vm-1, a token "ä", 10.0.2.77/24')
  expect(stderr).toContain('Config disk: cloud-init seed, CD-ROM')
  expect(exitCode).toBe(0)
  await host.expectNothingLeft()
}, 1_800_000)

test('an image that cloud-init has prepared once runs its job in each run', async () => {
  const image = await guestImage('cloud-x86_64')
  const host = await Host.with({
    ...{name: 'vm-1', image, ram: '512M', 'cpu-cores': 2, 'timeout-seconds': 900, 'config-disk': 'nocloud'},
    config: {'user-data': {runcmd: ['echo "guest: the job runs" >/dev/console', ['poweroff']]}},
  })
  // A run keeps nothing; by hand the overlay can be kept.
  const {stdout: script} = await host.vmrun('run', 'vm-1', '--dry-run')
  await host.write('vmrun', `#!/bin/sh\nexec '${process.execPath}' '${Host.program}' "$@"\n`)
  await chmod(host.path('vmrun'), 0o755)
  const kept = script.replace(/^rm -r (?<directory>.*)$/mu, 'mv $<directory>/overlay.qcow2 prepared.qcow2')
  const environment = {...host.environment, PATH: `${host.directory}:${host.environment['PATH']}`}
  const first = await new Command('sh', ['-e', '-c', kept], environment, host.directory).ended
  expect(first.stdout).toContain('guest: the job runs')

  const [instance] = JSON.parse(await host.read('instances.json'))
  const prepared = {...instance, image: 'prepared.qcow2', 'backing-files': [image]}
  await host.write('instances.json', JSON.stringify([prepared]))
  const second = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(second.stdout).toContain('guest: the job runs')
  expect(second.exitCode).toBe(0)
}, 1_800_000)

import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {sha256Of} from '../sha256.js'
import {Host} from './host.js'

test('a Linux guest reads a configuration of fifteen million bytes as it was written', async () => {
  const config = {action: 'power-off', text: 'ä'.repeat(7_500_000)}
  const host = await Host.with({name: 'vm-1', image: await guestImage('linux-x86_64'), ram: '512M', config})
  const {exitCode, stdout} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  const content = `${JSON.stringify({name: 'vm-1', config})}\n`
  expect(stdout).toContain(`guest: sha256 ${sha256Of(content)}`)
  expect(exitCode).toBe(0)
})

test.each([1, 2])('a Linux guest with cpu-cores %d reboots, and the run goes on', async cores => {
  const host = await Host.with({
    name: 'vm-1',
    image: await guestImage('linux-x86_64'),
    'cpu-cores': cores,
    'grace-seconds': 0,
    config: {action: 'reboot', 'keep-disk': true},
  })
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/(?:guest: rebooting.*guest: x86_64 ready.*){2}/su)
  run.signal('SIGTERM')
  const {exitCode, stderr} = await run.ended
  expect(stderr).toContain('The guest rebooted')
  expect(exitCode).toBe(143)
})

import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {eventsOf, Host} from './host.js'

test.each(['x86_64', 'aarch64'] as const)(
  'a Linux guest on %s finds its config on a read-only disk, by the same label',
  async arch => {
    const host = await Host.with({
      name: 'vm-1',
      arch,
      image: await guestImage(`linux-${arch}`),
      'config-disk': 'virtio-blk',
      config: {greeting: 'hello'},
    })
    const {exitCode, stdout, stderr} = await host.vmrun('run', 'vm-1', '--json', '--console', 'stdout')
    expect(stderr).toContain('{"name":"vm-1","config":{"greeting":"hello"}}')
    expect(stderr).not.toContain('guest: ejected')
    expect(eventsOf({stdout})).toContainEqual(
      expect.objectContaining({step: 'config-disk', title: expect.stringContaining('read-only disk')}),
    )
    expect(exitCode).toBe(0)
    await host.expectNothingLeft()
  },
)

test('a cloud-init seed is refused before anything is made when its config is none', async () => {
  const host = await Host.with({name: 'vm-1', 'config-disk': 'nocloud', config: {token: 's3cret'}})
  const run = await host.vmrun('run', 'vm-1')
  expect(run.stderr).toBe(
    'Error: config-disk "nocloud" does not know "token" in the config\n' +
      'It takes user-data, meta-data, network-config, as cloud-init does.\n',
  )
  expect(run.exitCode).toBe(2)
  const validated = await host.vmrun('validate')
  expect(validated.stdout).toContain('"nocloud" does not know "token" in the config')
  expect(validated.stdout).not.toContain('s3cret')
  expect(validated.exitCode).toBe(2)
  await host.expectNothingLeft()
})

test('build-iso writes the disk that the instance would get', async () => {
  const config = {'user-data': '#!/bin/sh\n'}
  const host = await Host.with({name: 'vm-1', 'config-disk': 'nocloud', config})
  expect((await host.vmrun('build-iso', 'vm-1')).exitCode).toBe(0)
  expect(await host.read('vm-1.iso')).toMatch(/cidata.*#!\/bin\/sh\n/su)
})

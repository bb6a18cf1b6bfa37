import {copyFile, mkdir, readdir, symlink} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Host} from './host.js'

/** A host on which `current/..` is `releases`, which has the image and the token that `../` in the file names. */
async function hostBehindLink(): Promise<Host> {
  const host = await Host.with({
    name: 'vm-1',
    image: '../shared/image.qcow2',
    config: {token: '${{ file:../shared/token }}'},
  })
  for (const name of ['releases/5', 'releases/shared', 'shared']) {
    await mkdir(host.path(name), {recursive: true})
  }

  await symlink('releases/5', host.path('current'))
  await copyFile(await guestImage('nano'), host.path('releases/shared/image.qcow2'))
  await host.write('releases/shared/token', 'right')
  await host.write('shared/image.qcow2', 'another')
  await host.write('shared/token', 'wrong')
  await host.write('releases/5/instances.json', await host.read('instances.json'))
  return host
}

test('image, secret, config disk and work directory are those that the kernel finds by the paths in a file', async () => {
  const host = await hostBehindLink()
  const words = ['vm-1', '--file', 'current/instances.json']
  expect((await host.vmrun('validate', 'current/instances.json')).exitCode).toBe(0)
  const {stdout, exitCode} = await host.vmrun('run', ...words, '--console', '-')
  expect(stdout).toContain('"token":"right"')
  expect(exitCode).toBe(0)
  const built = await host.vmrun('build-iso', ...words, '--output', 'current/../vm-1.iso', '--json')
  expect(JSON.parse(built.stdout).file).toBe(`${host.path('current')}/../vm-1.iso`)
  expect(await readdir(host.path('releases'))).toContain('vm-1.iso')
  const planned = await host.vmrun('run', ...words, '--work-dir', 'current/../shared', '--dry-run')
  expect(planned.stdout).toContain('/current/../shared/vmrun-')
})

test.each([
  'build-iso vm-1 --file current/instances.json --output nosuch/../vm-1.iso',
  'build-iso vm-1 --file current/instances.json --output vm-1.iso/',
  'list --file nosuch/../current/instances.json',
  'list --file current/instances.json/',
])('a path behind what is no directory is an error: %s', async line => {
  const host = await hostBehindLink()
  const {stderr, exitCode} = await host.vmrun(...line.split(' '))
  expect(stderr).toMatch(/does not exist|not a directory/u)
  expect(exitCode).not.toBe(0)
  expect(await readdir(host.directory)).not.toContain('vm-1.iso')
})

import {cp} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {eventsOf} from '../e2e/host.js'
import {guestImage} from '../guest-image.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {copyInstalledExample} from './example.js'
import {npm} from './npm.js'
import {Shell} from './shell.js'

/** A shell where the plugin for s390x was packed and installed, and an instance is that boots the Linux guest. */
async function shellWithPlugin(config: object): Promise<Shell> {
  const image = await guestImage('linux-s390x')
  const shell = await Shell.with({name: 'vm-1', arch: 's390x', image, 'grace-seconds': 3600, config})
  const plugin = await copyInstalledExample('vmrun-plugin-s390x', await temporaryDirectory())
  await npm(plugin, 'pack')
  const file = 'vmrun-plugin-s390x-1.0.0.tgz'
  await cp(path.join(plugin, file), shell.host.path(file))
  await shell.type(`vmrun plugins install ./${file}`)
  return shell
}

test('a guest of an installed architecture boots, reads its configuration, ejects it and shuts down', async () => {
  const shell = await shellWithPlugin({greeting: 'Grüße'})
  const {stdout, stderr} = await shell.type('vmrun run vm-1 --json --console stdout')
  expect(stderr).toContain('{"name":"vm-1","config":{"greeting":"Grüße"}}')
  expect(stderr).toContain('guest: ejected')
  expect(stderr).toContain('guest: address 10.0.2.15')
  const events = eventsOf({stdout})
  expect(events).toContainEqual(expect.objectContaining({type: 'config-disk-ejected'}))
  expect(events.at(-1)).toMatchObject({type: 'verdict', verdict: 'completed'})
  await shell.host.expectNothingLeft()
})

test('a guest without ACPI is asked to shut down by Ctrl-Alt-Del, and does', async () => {
  const shell = await shellWithPlugin({action: 'wait'})
  const run = shell.start('exec vmrun run vm-1 --console stdout')
  await run.printed(/guest: waiting/u)
  run.signal('SIGINT')
  const {exitCode, stdout, stderr} = await run.ended
  expect(stdout).toContain('guest: power button')
  expect(stderr).toContain('shut down when asked to')
  expect(exitCode).toBe(130)
  await shell.host.expectNothingLeft()
})

test('an installed architecture is one of those that doctor examines, and that messages name', async () => {
  const shell = await shellWithPlugin({})
  const {stdout} = await shell.try('vmrun doctor')
  expect(stdout).toMatch(/qemu s390x +good/u)
  expect(stdout).toMatch(/vm-1 +good/u)
  await shell.type(`sed 's/"arch":"s390x"/"arch":"s390"/' instances.json >mistyped.json`)
  expect((await shell.try('vmrun validate mistyped.json')).stdout).toContain('did you mean s390x')
})

test('a guest that panics has failed: its processor stops in a disabled wait, and no device is needed', async () => {
  const shell = await shellWithPlugin({action: 'panic'})
  const {exitCode, stderr} = await shell.try('vmrun run vm-1')
  expect(stderr).toContain('the guest panicked')
  expect(exitCode).toBe(3)
  await shell.host.expectNothingLeft()
})

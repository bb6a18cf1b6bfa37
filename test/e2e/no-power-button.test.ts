import {copyFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Host} from './host.js'
import {installPlugins} from './plugins.js'

/** A host where a plugin that adds riscv64's `virt` is installed. */
async function hostWithPlugin(instance: object): Promise<Host> {
  const host = await Host.with({name: 'vm-1', arch: 'riscv64', 'config-disk': 'virtio-blk', ...instance})
  // QEMU opens it by its name, as whoever it runs as: not everybody may look into the cache of the guests.
  await copyFile(await guestImage('nano-riscv64'), host.path('firmware'))
  const riscv64 = {
    name: 'riscv64',
    hosts: ['riscv64'],
    program: 'qemu-system-riscv64',
    packages: {debian: 'qemu-system-misc'},
    machine: 'virt',
    emulatedCpu: 'rv64',
    firmware: {paths: [host.path('firmware')], packages: {}},
    devices: {
      disk: {driver: 'virtio-blk-pci'},
      network: {driver: 'virtio-net-pci', romfile: ''},
      serial: {driver: 'virtio-serial-pci'},
    },
    powerButton: false,
    arguments: [],
  }
  const definition = JSON.stringify({apiVersion: 1, architectures: [riscv64]})
  const module = `export default async () => (${definition})\n`
  await installPlugins(host, {name: 'vmrun-plugin-riscv64', module})
  return host
}

test('a machine without a power button is ended when its time is up, no text speaks of one, and a dry run says so', async () => {
  const host = await hostWithPlugin({'timeout-seconds': 1, 'grace-seconds': 3600})
  const {exitCode, stdout: printed, stderr} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(printed).toContain('nano: hello')
  expect(stderr).toContain('ending the machine')
  expect(stderr).not.toContain('power button')
  expect(exitCode).toBe(124)
  await host.expectNothingLeft()
  const {stdout} = await host.vmrun('run', 'vm-1', '--dry-run')
  expect(stdout).toContain('then is ended, as its machine has no power button')
  expect(stdout).toContain(`-bios ${host.path('firmware')}`)
})

import {expect, test} from 'vitest'
import type {Architecture} from '../../../src/contract/architecture.js'
import {cdrom} from '../../../src/disks/config/drives.js'
import {configDiskImage} from '../../../src/disks/config/image.js'
import {aarch64} from '../../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {deviceArguments, hardwareArguments} from '../../../src/qemu/command/arguments.js'
import {findFile} from '../../../src/qemu/programs/find-program.js'
import {written} from '../../disks/iso9660/written-image.js'
import {spawnMachine} from '../../qemu/nano-guest.js'

const architectures = [x86_64, aarch64]

async function machineArguments(
  architecture: Architecture,
  bus: string,
  cores: number,
): Promise<readonly string[]> {
  const {machine, emulatedCpu, firmware, devices} = architecture
  const image = await written(configDiskImage({}, {name: 'vm-1', config: {}}, new Date(0)))
  return [
    ...hardwareArguments({
      machine,
      accelerator: 'tcg',
      cpu: emulatedCpu,
      cores,
      ram: '64M',
      firmware: firmware && (await findFile('the firmware', firmware.paths, firmware.packages)),
      reboot: 'allow',
    }),
    ...architecture.arguments,
    ...cdrom.configure({kind: 'cdrom', bus}, architecture, {}).arguments(image),
    ...deviceArguments(devices, 'user'),
  ]
}

test.each(
  architectures.flatMap(architecture => {
    const buses = architecture.devices.ideBus === undefined ? ['scsi'] : ['scsi', 'ide']
    return buses.flatMap(bus => [1, 16].map(cores => ({architecture, name: architecture.name, bus, cores})))
  }),
)('QEMU builds $name with $cores cores and a CD-ROM on $bus', async ({architecture, bus, cores}) => {
  const machine = await spawnMachine(await machineArguments(architecture, bus, cores), architecture.program)
  machine.connections.console.resume()
  await expect(machine.ready()).resolves.toBeUndefined()
})

test.each(architectures)('the firmware and the processor of $name start', async architecture => {
  const machine = await spawnMachine(await machineArguments(architecture, 'scsi', 1), architecture.program)
  machine.connections.console.resume()
  await machine.ready()
  await machine.start()
  await machine.quit()
  expect(await machine.ended).toEqual({how: 'stopped'})
})

test.each(architectures)('the probe of $name is data that is the same each time', ({probe}) => {
  expect(probe?.firmware()).toEqual(probe?.firmware())
})

test('the probe of x86_64 fills the 64 KiB that are mapped below the first MiB', () => {
  expect(x86_64.probe?.firmware()).toHaveLength(0x1_00_00)
})

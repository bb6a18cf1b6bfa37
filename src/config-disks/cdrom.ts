import type {Architecture} from '../architectures/architecture.js'
import {UsageError} from '../errors.js'
import type {ConfigDiskChoice} from '../instances/instance.js'
import {blockdev, device} from '../qemu/command-line/arguments.js'
import {quoted} from '../text/printable.js'
import type {ConfigDiskKind} from './config-disk.js'

const node = 'config-disk'
const drive = 'config-cdrom'

/** A CD-ROM. Once the guest has ejected it, it never comes back. */
export const cdrom: ConfigDiskKind = {
  name: 'cdrom',
  title: 'CD-ROM',
  configure: (choice, architecture) => {
    const driveArguments = driveOn(busOf(choice, architecture), architecture)
    return {
      arguments: file => [
        ...blockdev({
          'node-name': node,
          driver: 'raw',
          'read-only': true,
          file: {driver: 'file', filename: file, 'read-only': true},
        }),
        ...driveArguments,
      ],
      watch: async machine => {
        await machine.trayOpened(drive)
        await machine.removeMedium({device: drive, node})
      },
    }
  },
}

function busOf(choice: ConfigDiskChoice, {name, ideBus}: Architecture): string {
  const {kind: _, bus = 'scsi', ...others} = choice
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) {
    throw new UsageError(`config-disk has an unknown key ${quoted(unknown)}`, {
      hint: 'A CD-ROM has "kind" and "bus".',
    })
  }

  const buses = ideBus === undefined ? ['scsi'] : ['scsi', 'ide']
  if (typeof bus !== 'string' || !buses.includes(bus)) {
    throw new UsageError(`config-disk names a bus that ${name} does not have: ${quoted(String(bus))}`, {
      hint: `It has: ${buses.join(', ')}.`,
    })
  }

  return bus
}

function driveOn(bus: string, {ideBus}: Architecture): readonly string[] {
  return bus === 'ide'
    ? device({driver: 'ide-cd', bus: ideBus, drive: node, id: drive})
    : [
        ...device({driver: 'virtio-scsi-pci', id: 'config-bus'}),
        ...device({driver: 'scsi-cd', bus: 'config-bus.0', drive: node, id: drive}),
      ]
}

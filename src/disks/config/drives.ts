import type {Architecture} from '../../contract/architecture.js'
import type {ConfigDisk, ConfigDiskKind} from '../../contract/config-disk.js'
import type {ConfigDiskChoice} from '../../contract/instance.js'
import {UsageError} from '../../errors/errors.js'
import {blockdev, device} from '../../qemu/command/arguments.js'
import {quoted} from '../../text/printable.js'

/** A CD-ROM. */
export const cdrom: ConfigDiskKind = {
  name: 'cdrom',
  configure: (choice, architecture) => chosenDrive(choice, architecture, ['scsi', 'ide']),
}

/** A read-only virtio disk: for guests that have no driver for a CD-ROM, and machines that have none. */
export const virtioBlk: ConfigDiskKind = {
  name: 'virtio-blk',
  configure: (choice, architecture) => chosenDrive(choice, architecture, ['virtio-blk']),
}

/** What a config disk is read from, whatever is on it. */
type Drive = Pick<ConfigDisk, 'title' | 'arguments' | 'watch'>

/** Where the drive is connected. */
type Bus = 'scsi' | 'ide' | 'virtio-blk'

const node = 'config-disk'
const cdromDevice = 'config-cdrom'

/**
 * The drive that an instance asks for by `bus`, or else the first of those that there are.
 *
 * @param buses those that this kind of config disk knows, the best one first
 * @throws UsageError when the machine has no such bus, or something else is asked for too
 */
export function chosenDrive(
  choice: ConfigDiskChoice,
  architecture: Architecture,
  buses: readonly Bus[],
): Drive {
  const available = buses.filter(one => deviceArguments(one, architecture) !== undefined)
  const [best] = available
  const {kind, bus = best, ...others} = choice
  if (best === undefined) {
    throw new UsageError(`config-disk "${kind}" does not go with ${architecture.name}: it has no CD-ROM`, {
      hint: 'Use "config-disk": "virtio-blk", a disk that the guest finds by the same label.',
    })
  }

  const [unknown] = Object.keys(others)
  if (unknown !== undefined) {
    throw new UsageError(`config-disk has an unknown key ${quoted(unknown)}`, {
      hint: `A config disk of kind "${kind}" has "kind" and "bus".`,
    })
  }

  const chosen = available.find(known => known === bus)
  if (chosen === undefined) {
    const named = typeof bus === 'string' ? bus : JSON.stringify(bus)
    throw new UsageError(`config-disk "${kind}" cannot be on ${quoted(named)} of ${architecture.name}`, {
      hint: `It can be on: ${available.join(', ')}.`,
    })
  }

  return drive(chosen, architecture)
}

/** A drive on a bus that the machine has. A CD-ROM that the guest has ejected never comes back. */
function drive(bus: Bus, architecture: Architecture): Drive {
  const devices = deviceArguments(bus, architecture) ?? []
  return {
    title: bus === 'virtio-blk' ? 'read-only disk' : 'CD-ROM',
    arguments: file => [
      ...blockdev({
        'node-name': node,
        driver: 'raw',
        'read-only': true,
        file: {driver: 'file', filename: file, 'read-only': true},
      }),
      ...devices,
    ],
    ...(bus !== 'virtio-blk' && {
      watch: async machine => {
        await machine.trayOpened(cdromDevice)
        await machine.removeMedium({device: cdromDevice, node})
      },
    }),
  }
}

/** @returns undefined where the machine has no such bus */
function deviceArguments(
  bus: Bus,
  {devices: {disk, scsi, ideBus}}: Architecture,
): readonly string[] | undefined {
  switch (bus) {
    case 'scsi':
      return (
        scsi && [
          ...device({...scsi, id: 'config-bus'}),
          ...device({driver: 'scsi-cd', bus: 'config-bus.0', drive: node, id: cdromDevice}),
        ]
      )
    case 'ide':
      return ideBus === undefined
        ? undefined
        : device({driver: 'ide-cd', bus: ideBus, drive: node, id: cdromDevice})
    case 'virtio-blk':
      return device({...disk, drive: node})
  }
}

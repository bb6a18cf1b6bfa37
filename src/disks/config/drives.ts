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

const node = 'config-disk'
const cdromDevice = 'config-cdrom'

/** Where a drive may be connected: its devices, or undefined where the machine has no such bus. */
const connections = {
  scsi: ({scsi}) =>
    scsi && [
      ...device({...scsi, id: 'config-bus'}),
      ...device({driver: 'scsi-cd', bus: 'config-bus.0', drive: node, id: cdromDevice}),
    ],
  ide: ({ideBus: bus}) => bus && device({driver: 'ide-cd', bus, drive: node, id: cdromDevice}),
  'virtio-blk': ({disk}) => device({...disk, drive: node}),
} satisfies Record<string, (devices: Architecture['devices']) => readonly string[] | '' | undefined>

type Bus = keyof typeof connections

/**
 * The drive that an instance asks for by `bus`, or else the first of those that there are.
 *
 * @param buses those that this kind of config disk knows, the best one first
 * @throws UsageError when the machine has no such bus, or something else is asked for too
 */
export function chosenDrive(
  choice: ConfigDiskChoice,
  {name, devices}: Architecture,
  buses: readonly Bus[],
): Pick<ConfigDisk, 'title' | 'arguments' | 'watch'> {
  const available = buses.filter(one => connections[one](devices))
  const [best] = available
  const {kind, bus = best, ...others} = choice
  if (best === undefined) {
    throw new UsageError(`config-disk "${kind}" does not go with ${name}: it has no CD-ROM`, {
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
    throw new UsageError(`config-disk "${kind}" cannot be on ${quoted(named)} of ${name}`, {
      hint: `It can be on: ${available.join(', ')}.`,
    })
  }

  const isDisk = chosen === 'virtio-blk'
  return {
    title: isDisk ? 'read-only disk' : 'CD-ROM',
    arguments: filename => [
      ...blockdev({
        ...{'node-name': node, driver: 'raw', 'read-only': true},
        file: {driver: 'file', filename, 'read-only': true},
      }),
      ...(connections[chosen](devices) || []),
    ],
    // A CD-ROM that the guest has ejected never comes back.
    ...(!isDisk && {
      watch: async machine => {
        await machine.trayOpened(cdromDevice)
        await machine.removeMedium({device: cdromDevice, node})
      },
    }),
  }
}

import {EventEmitter, once} from 'node:events'
import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import type {Architecture} from '../../../src/contract/architecture.js'
import type {ConfigDiskChoice} from '../../../src/contract/instance.js'
import {cdrom, virtioBlk} from '../../../src/disks/config/drives.js'
import {UsageError} from '../../../src/errors/errors.js'
import {aarch64} from '../../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {ScriptedMachine} from '../../run/scripted-machine.js'

/** The arguments, those in JSON as what they stand for. */
function argumentsOf(choice: ConfigDiskChoice, architecture: Architecture): readonly unknown[] {
  return cdrom
    .configure(choice, architecture, {})
    .arguments('/config.iso')
    .map(argument => (argument.startsWith('{') ? JSON.parse(argument) : argument))
}

const image = [
  '-blockdev',
  {
    'node-name': 'config-disk',
    driver: 'raw',
    'read-only': true,
    file: {driver: 'file', filename: '/config.iso', 'read-only': true},
  },
]
const cd = {drive: 'config-disk', id: 'config-cdrom'}
const bus = {driver: 'virtio-scsi-pci', id: 'config-bus'}
const onScsi = ['-device', bus, '-device', {driver: 'scsi-cd', bus: 'config-bus.0', ...cd}]
const onIde = ['-device', {driver: 'ide-cd', bus: 'ide.0', ...cd}]

test.each<[string, ConfigDiskChoice, Architecture, readonly unknown[]]>([
  ['on virtio-scsi unless asked otherwise', {kind: 'cdrom'}, x86_64, onScsi],
  ['on virtio-scsi on every architecture', {kind: 'cdrom'}, aarch64, onScsi],
  ['on virtio-scsi by name', {kind: 'cdrom', bus: 'scsi'}, x86_64, onScsi],
  ['on IDE where the machine has it', {kind: 'cdrom', bus: 'ide'}, x86_64, onIde],
])('the CD-ROM is %s', (_, choice, architecture, devices) => {
  expect(argumentsOf(choice, architecture)).toEqual([...image, ...devices])
})

test.each<[string, ConfigDiskChoice, Architecture, string]>([
  ['that the machine does not have', {kind: 'cdrom', bus: 'ide'}, aarch64, 'scsi'],
  ['that no machine has', {kind: 'cdrom', bus: 'sata'}, x86_64, 'scsi, ide'],
  ['that is for other kinds', {kind: 'cdrom', bus: 'virtio-blk'}, x86_64, 'scsi, ide'],
  ['that is no text', {kind: 'cdrom', bus: null}, x86_64, 'scsi, ide'],
  ['that is for a CD-ROM', {kind: 'virtio-blk', bus: 'ide'}, x86_64, 'virtio-blk'],
])('a bus %s is the user’s error', (_, choice, architecture, buses) => {
  const {configure} = choice.kind === 'cdrom' ? cdrom : virtioBlk
  expect(() => configure(choice, architecture, {})).toThrow(
    expect.objectContaining({
      name: 'UsageError',
      message: `config-disk "${choice.kind}" cannot be on "${choice['bus']}" of ${architecture.name}`,
      hint: `It can be on: ${buses}.`,
    }),
  )
})

test.each([cdrom, virtioBlk])('an unknown key is the user’s error: $name', ({name, configure}) => {
  const hint = `A config disk of kind "${name}" has "kind" and "bus".`
  const error = new UsageError('config-disk has an unknown key "buss"', {hint})
  expect(() => configure({kind: name, buss: 'ide'}, x86_64, {})).toThrow(error)
})

test('when the guest opens the tray the medium is taken out for good', async () => {
  const removed: unknown[] = []
  const trays = new EventEmitter()
  const machine = Object.assign(new ScriptedMachine(), {
    trayOpened: async (device: string) => {
      await once(trays, device)
    },
    removeMedium: async (medium: unknown) => {
      removed.push(medium)
    },
  })
  const ejected = cdrom.configure({kind: 'cdrom'}, x86_64, {}).watch?.(machine)
  await turn()
  expect(removed).toEqual([])
  trays.emit('config-cdrom')
  await ejected
  expect(removed).toEqual([{device: 'config-cdrom', node: 'config-disk'}])
})

test.each([{}, {bus: 'ide'}])(
  'a machine that can have no CD-ROM needs another kind, and the error names it: %j',
  choice => {
    const {disk, network} = x86_64.devices
    const machine = {...x86_64, devices: {disk, network}}
    expect(() => cdrom.configure({kind: 'cdrom', ...choice}, machine, {})).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: 'config-disk "cdrom" does not go with x86_64: it has no CD-ROM',
        hint: expect.stringContaining('"virtio-blk"'),
      }),
    )
  },
)

test('virtio-blk is a read-only disk of the kind that the machine has, and nothing watches it', () => {
  const architecture = {
    ...x86_64,
    devices: {...x86_64.devices, disk: {driver: 'virtio-blk-ccw', 'queue-size': 8}},
  }
  const {title, watch, ...disk} = virtioBlk.configure({kind: 'virtio-blk'}, architecture, {})
  expect(title).toBe('read-only disk')
  expect(watch).toBeUndefined()
  const [, node = '', ...device] = disk.arguments('/a,b"\n')
  expect(JSON.parse(node)).toMatchObject({
    driver: 'raw',
    'read-only': true,
    file: {driver: 'file', filename: '/a,b"\n', 'read-only': true},
  })
  expect(device).toEqual(['-device', '{"driver":"virtio-blk-ccw","queue-size":8,"drive":"config-disk"}'])
})

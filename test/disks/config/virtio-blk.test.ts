import {expect, test} from 'vitest'
import {virtioBlk} from '../../../src/disks/config/virtio-blk.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'

test('it is a read-only disk of the kind that the machine has, and nothing watches it', () => {
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

test('it has no options', () => {
  expect(() => virtioBlk.configure({kind: 'virtio-blk', bus: 'ide'}, x86_64, {})).toThrow(
    expect.objectContaining({
      name: 'UsageError',
      message: 'config-disk has an unknown key "bus"',
      hint: 'A config disk of kind "virtio-blk" has no options.',
    }),
  )
})

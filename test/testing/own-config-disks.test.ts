import {expect, inject, test} from 'vitest'
import {cdrom} from '../../src/config-disks/cdrom.js'
import {nocloud} from '../../src/config-disks/nocloud.js'
import {virtioBlk} from '../../src/config-disks/virtio-blk.js'
import {describeConfigDisk} from '../../src/testing/index.js'

const {nano, 'linux-aarch64': linux} = inject('guests')

describeConfigDisk({...cdrom, name: 'cdrom-twin'}, {image: nano, choices: [{bus: 'scsi'}, {bus: 'ide'}]})
describeConfigDisk({...cdrom, name: 'cdrom-ejected'}, {image: nano, ejects: {action: 'eject'}})
describeConfigDisk({...virtioBlk, name: 'virtio-blk-twin'}, {image: linux, architecture: 'aarch64'})
describeConfigDisk(
  {...nocloud, name: 'nocloud-twin'},
  {image: nano, config: {'user-data': '#!/bin/sh\npoweroff\n'}, seen: 'nano: no instance.json'},
)

test('an architecture that vmrun does not have is told at once', () => {
  expect(() => describeConfigDisk(cdrom, {image: nano, architecture: 'vax'})).toThrow(
    'vmrun has no architecture "vax", only x86_64, aarch64',
  )
})

import {inject} from 'vitest'
import {aarch64} from '../../src/architectures/aarch64.js'
import {cdrom} from '../../src/config-disks/cdrom.js'
import {nocloud} from '../../src/config-disks/nocloud.js'
import {virtioBlk} from '../../src/config-disks/virtio-blk.js'
import {describeConfigDisk} from '../../src/testing/index.js'

const {nano, 'linux-aarch64': linux} = inject('guests')

describeConfigDisk({...cdrom, name: 'cdrom-twin'}, {image: nano, choices: [{bus: 'scsi'}, {bus: 'ide'}]})
describeConfigDisk({...cdrom, name: 'cdrom-ejected'}, {image: nano, ejects: {action: 'eject'}})
describeConfigDisk({...virtioBlk, name: 'virtio-blk-twin'}, {image: linux, architecture: aarch64})
describeConfigDisk(
  {...nocloud, name: 'nocloud-twin'},
  {image: nano, config: {'user-data': '#!/bin/sh\npoweroff\n'}, seen: 'nano: no instance.json'},
)

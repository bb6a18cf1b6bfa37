import {expect, test} from 'vitest'
import {cdrom} from '../../src/disks/config/drives.js'
import {nocloud} from '../../src/disks/config/nocloud.js'
import {describeConfigDisk} from '../../src/testing/index.js'
import {guestImage} from '../guest-image.js'

const nano = await guestImage('nano')

describeConfigDisk({...cdrom, name: 'cdrom-twin'}, {image: nano, choices: [{bus: 'scsi'}, {bus: 'ide'}]})
describeConfigDisk({...cdrom, name: 'cdrom-ejected'}, {image: nano, ejects: {action: 'eject'}})
describeConfigDisk(
  {...nocloud, name: 'nocloud-twin'},
  {image: nano, config: {'user-data': '#!/bin/sh\npoweroff\n'}, seen: 'nano: no instance.json'},
)

test('an architecture that vmrun does not have is told at once', () => {
  expect(() => describeConfigDisk(cdrom, {image: nano, architecture: 'vax'})).toThrow(
    'arch "vax" is not known; there are: x86_64, aarch64',
  )
})

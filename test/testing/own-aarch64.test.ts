import {virtioBlk} from '../../src/disks/config/drives.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {describeArchitecture, describeConfigDisk} from '../../src/testing/index.js'
import {guestImage} from '../guest-image.js'

// In a file of their own: without its kernel the guest's suites fail, and no others.
const image = await guestImage('linux-aarch64')

describeArchitecture({...aarch64, name: 'aarch64-twin'}, {image})
describeConfigDisk({...virtioBlk, name: 'virtio-blk-twin'}, {image, architecture: 'aarch64'})

import type {ConfigDiskKind} from '../../contract/config-disk.js'
import {chosenDrive} from './drive.js'

/** A CD-ROM. */
export const cdrom: ConfigDiskKind = {
  name: 'cdrom',
  configure: (choice, architecture) => chosenDrive(choice, architecture, ['scsi', 'ide']),
}

import type {ConfigDiskKind} from '../../contract/config-disk.js'
import {UsageError} from '../../errors/errors.js'
import {quoted} from '../../text/printable.js'
import {drive} from './drive.js'

/** A read-only virtio disk: for guests that have no driver for a CD-ROM, and machines that have none. */
export const virtioBlk: ConfigDiskKind = {
  name: 'virtio-blk',
  configure: ({kind, ...others}, architecture) => {
    const [unknown] = Object.keys(others)
    if (unknown !== undefined) {
      throw new UsageError(`config-disk has an unknown key ${quoted(unknown)}`, {
        hint: `A config disk of kind "${kind}" has no options.`,
      })
    }

    return drive('virtio-blk', architecture)
  },
}

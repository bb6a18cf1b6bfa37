import {describe} from 'vitest'
import type {ConfigDisk, ConfigDiskKind} from '../../../src/contract/config-disk.js'
import type {JsonObject} from '../../../src/contract/json-value.js'
import {cdrom} from '../../../src/disks/config/drives.js'
import {UsageError} from '../../../src/errors/errors.js'
import {describeConfigDisk} from '../../../src/testing/index.js'
import {guestImage} from '../../guest-image.js'

const nano = await guestImage('nano')

/** A kind without a fault but for what is added. */
function kindWith(fault: Partial<ConfigDisk>): ConfigDiskKind {
  return {
    name: 'faulty',
    configure: ({kind, ...others}, architecture) => {
      if (Object.keys(others).length > 0) {
        throw new UsageError(`${kind} has no options`)
      }

      return {...cdrom.configure({kind: 'cdrom'}, architecture, {}), ...fault}
    },
  }
}

function faulty(fault: string, kind: ConfigDiskKind, ejects?: JsonObject): void {
  describe(`a config disk that ${fault}`, () =>
    describeConfigDisk(kind, {image: nano, guestSeconds: 8, ...(ejects && {ejects})}))
}

const misspelt = {...kindWith({}), title: 'Disk'}
const scsi = ['-device', 'virtio-scsi-pci', '-device', 'scsi-cd,drive=config-disk,id=config-cdrom']

faulty('has a member that is not known', misspelt)
faulty('overlooks options', {
  name: 'faulty',
  configure: (_, architecture) => cdrom.configure({kind: 'cdrom'}, architecture, {}),
})
faulty('names its file in the old syntax', {
  ...kindWith({
    arguments: file => ['-drive', `if=none,id=config-disk,format=raw,readonly=on,file=${file}`, ...scsi],
  }),
})
faulty('has too long a label', kindWith({content: () => ({label: 'x'.repeat(33), files: []})}))
faulty(
  'depends on the clock',
  kindWith({
    content: ({name, config}) => ({
      label: 'instance-configuration',
      files: [
        {name: 'instance.json', content: JSON.stringify({name, config})},
        {name: 'date', content: new Date().toISOString()},
      ],
    }),
  }),
)
faulty(
  'quotes what it cannot use',
  kindWith({
    content: ({name, config}) => {
      if (typeof config['text'] !== 'string') {
        throw new TypeError(`text cannot be ${JSON.stringify(config['text'])}`)
      }

      return {
        label: 'instance-configuration',
        files: [{name: 'instance.json', content: JSON.stringify({name, config})}],
      }
    },
  }),
)
faulty(
  'holds what the guest does not look for',
  kindWith({content: source => ({label: 'config', files: [{name: 'config.json', content: source.name}]})}),
)
faulty('leaves the medium in', kindWith({watch: machine => machine.trayOpened('config-cdrom')}), {
  action: 'eject',
})
faulty('does not notice that it is ejected', kindWith({watch: () => new Promise(() => undefined)}), {
  action: 'eject',
})

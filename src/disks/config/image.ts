import type {ConfigDisk, ConfigSource, ConfigVolume} from '../../contract/config-disk.js'
import {HostError} from '../../errors/errors.js'
import {type IsoImage, isoImage} from '../iso9660/image.js'
import {wipeImage} from './write-image.js'

/** The label by which a guest finds its config disk. */
export const volumeId = 'instance-configuration'

/** What is on a config disk that says nothing else: `instance.json`. */
function instanceVolume({name, config}: ConfigSource): ConfigVolume {
  return {
    label: volumeId,
    files: [{name: 'instance.json', content: `${JSON.stringify({name, config})}\n`}],
  }
}

/**
 * The image of an instance's config disk.
 *
 * @param modified the date of everything on it
 * @throws HostError when ISO 9660 cannot hold the volume
 */
export function configDiskImage(
  configDisk: Pick<ConfigDisk, 'content'>,
  source: ConfigSource,
  modified: Date,
): IsoImage {
  const found = configDisk.content?.(source) ?? instanceVolume(source)
  if (found instanceof Uint8Array) {
    return {size: found.length, chunks: () => [found]}
  }

  const [fault] = faultsOfVolume(found)
  if (fault !== undefined) {
    throw new HostError(`the config disk cannot be written as ISO 9660: ${fault}`)
  }

  return volumeImage(found, modified)
}

/** Why ISO 9660 cannot hold a volume: where and what, with nothing that is in the volume. */
export function faultsOfVolume(volume: ConfigVolume): readonly string[] {
  try {
    wipeImage(volumeImage(volume, new Date(0)))
    return []
  } catch (error) {
    if (error instanceof RangeError) {
      return [error.message]
    }

    throw error
  }
}

function volumeImage({label, files}: ConfigVolume, modified: Date): IsoImage {
  return isoImage({
    volumeId: label,
    files: files.map(({name, content}) => ({name, content: Buffer.from(content)})),
    modified,
  })
}

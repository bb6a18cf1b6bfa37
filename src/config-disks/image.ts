import type {ConfigDisk, ConfigSource, ConfigVolume} from '../contract.js'
import {type IsoImage, isoImage} from '../iso9660/image.js'

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

  return isoImage({
    volumeId: found.label,
    files: found.files.map(file => ({name: file.name, content: Buffer.from(file.content)})),
    modified,
  })
}

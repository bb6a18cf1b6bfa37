import type {JsonObject} from '../instances/instance.js'
import {type IsoImage, isoImage} from '../iso9660/image.js'

/** The label by which a guest finds its config disk. */
export const volumeId = 'instance-configuration'

/**
 * The image of an instance's config disk: an ISO 9660 volume with one file, `instance.json`.
 *
 * @param config placeholders resolved
 * @param modified the date of everything on it
 */
export function configDiskImage(name: string, config: JsonObject, modified: Date): IsoImage {
  const content = Buffer.from(`${JSON.stringify({name, config})}\n`)
  return isoImage({volumeId, files: [{name: 'instance.json', content}], modified})
}

import {configDiskImage} from '../disks/config/image.js'
import {sourceDate} from '../disks/config/source-date.js'
import type {IsoImage} from '../disks/iso9660/image.js'
import {UsageError} from '../errors/errors.js'
import {forbidCoreDumps} from '../host/core-dumps.js'
import type {Registry} from '../plugins/registry.js'
import {type OpenedInstance, partsOf} from '../validation/open-instance.js'
import {resolveConfig} from './resolve-config.js'

/** The image of an instance's config disk, secrets included. @throws UsageError when a placeholder cannot be resolved */
export async function buildConfigDisk(
  opened: OpenedInstance,
  registry: Registry,
  environment: NodeJS.ProcessEnv,
): Promise<IsoImage> {
  await forbidCoreDumps()
  const {configDisk} = partsOf(opened.instance, registry)
  const config = await resolveConfig(opened, registry, environment)
  return configDiskImage(configDisk, {name: opened.instance.name, config}, sourceDate(environment))
}

/** Where an instance's config disk is written when nobody says where. @throws UsageError when its name is no file name */
export function defaultImageFile(name: string): string {
  if (name.includes('/')) {
    throw new UsageError(`${name} cannot be part of a file name`, {
      hint: 'Name the file with --output.',
    })
  }

  return `${name}.iso`
}

import type {Instance} from '../contract/instance.js'
import type {JsonObject} from '../contract/json-value.js'
import type {Placeholder} from '../contract/plugin.js'
import {configDiskImage, sourceDate} from '../disks/config/image.js'
import type {IsoImage} from '../disks/iso9660/image.js'
import {UsageError} from '../errors/errors.js'
import {forbidCoreDumps} from '../host/core-dumps.js'
import {resolvePlaceholders} from '../instances/placeholders/placeholders.js'
import type {Registry} from '../plugins/registry.js'
import {type OpenedInstance, partsOf} from '../validation/open-instance.js'

/**
 * An instance's config with the secrets that its placeholders stand for.
 *
 * @throws UsageError when one stands for nothing, HostError when that is not the user's fault
 */
export async function resolveConfig(
  {instance, file: {directory}}: OpenedInstance,
  registry: Registry,
  environment: NodeJS.ProcessEnv,
): Promise<JsonObject> {
  return await resolveBy(
    instance,
    registry,
    async (placeholder, argument) => await placeholder.resolve(argument, {environment, directory}),
  )
}

/** Looks whether somebody knows what the placeholders of an instance's config are called; asks nobody. @throws UsageError */
export async function demandPlaceholders(
  instance: Pick<Instance, 'name' | 'config'>,
  registry: Registry,
): Promise<void> {
  await resolveBy(instance, registry, async () => '')
}

async function resolveBy(
  instance: Pick<Instance, 'name' | 'config'>,
  registry: Registry,
  resolve: (placeholder: Placeholder, argument: string) => Promise<string>,
): Promise<JsonObject> {
  const sources = Array.from(
    registry.placeholders,
    ([name, placeholder]) => [name, (argument: string) => resolve(placeholder, argument)] as const,
  )
  return await resolvePlaceholders(instance, new Map(sources), name => registry.doubtOfPlaceholder(name))
}

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
    throw new UsageError(`${name} cannot be part of a file name`, {hint: 'Name the file with --output.'})
  }

  return `${name}.iso`
}

import type {Instance} from '../contract/instance.js'
import type {JsonObject} from '../contract/json-value.js'
import type {Placeholder} from '../contract/plugin.js'
import {resolvePlaceholders} from '../instances/placeholders/placeholders.js'
import type {Registry} from '../plugins/registry.js'
import type {OpenedInstance} from '../validation/open-instance.js'

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

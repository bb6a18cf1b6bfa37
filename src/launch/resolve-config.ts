import type {Instance} from '../contract/instance.js'
import type {JsonObject} from '../contract/json-value.js'
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
  const sources = Array.from(
    registry.placeholders,
    ([name, placeholder]) =>
      [name, (argument: string) => placeholder.resolve(argument, {environment, directory})] as const,
  )
  return await resolvePlaceholders(instance, new Map(sources), name => registry.doubtOfPlaceholder(name))
}

/** Looks whether somebody knows what the placeholders of an instance's config are called; asks nobody. @throws UsageError */
export async function demandPlaceholders(
  instance: Pick<Instance, 'name' | 'config'>,
  registry: Registry,
): Promise<void> {
  const sources = Array.from(registry.placeholders.keys(), name => [name, async () => ''] as const)
  await resolvePlaceholders(instance, new Map(sources), name => registry.doubtOfPlaceholder(name))
}

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
      [
        name,
        async (argument: string) => await placeholder.resolve(argument, {environment, directory}),
      ] as const,
  )
  return await resolvePlaceholders(instance, new Map(sources), name => registry.doubtOfPlaceholder(name))
}

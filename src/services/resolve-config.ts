import type {JsonObject} from '../instances/instance.js'
import {builtInPlaceholders} from '../instances/placeholder-sources.js'
import {resolvePlaceholders} from '../instances/placeholders.js'
import type {OpenedInstance} from './open-instance.js'

/** An instance's config with the secrets that its placeholders stand for. @throws UsageError when one stands for nothing */
export async function resolveConfig(
  {instance, file: {directory}}: OpenedInstance,
  environment: NodeJS.ProcessEnv,
): Promise<JsonObject> {
  return await resolvePlaceholders(instance, builtInPlaceholders({env: environment, directory}))
}

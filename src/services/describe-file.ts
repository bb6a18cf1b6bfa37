import {fileJsonSchema} from '../instances/file-json-schema.js'
import type {JsonSchema} from '../instances/json-schema.js'
import type {Registry} from '../plugins/registry.js'

/** The JSON Schema of an instances file, with the keys that plugins contribute. */
export function describeFile({instanceKeys}: Pick<Registry, 'instanceKeys'>): JsonSchema {
  return fileJsonSchema(instanceKeys)
}

import * as z from 'zod'
import type {InstanceKey} from '../contract.js'
import {fileSchema} from './file-schema.js'
import {descriptionOf, isRequired, type JsonSchema, toJsonSchema} from './json-schema.js'
import {keySchemas} from './schema.js'

type Keys = Readonly<Record<string, z.ZodType>>

/** Some keys of an instance, and the JSON Schema of a file whose instances have them. */
interface Told {
  readonly keys: Keys
  readonly jsonSchema: JsonSchema
}

/**
 * The JSON Schema of an instances file, the same on every host. What is said of a key of a plugin is what its schema
 * says; where that cannot be told, any value is allowed, as `vmrun validate` can tell.
 *
 * @param instanceKeys those that plugins contribute
 */
export function fileJsonSchema(instanceKeys: readonly InstanceKey[]): JsonSchema {
  return instanceKeys.reduce(withKey, told(keySchemas({instanceKeys: []}))).jsonSchema
}

/** Schemas of several plugins may be told each by itself, and not together, as two that have the same `id`. */
function withKey({keys}: Told, {name, schema}: InstanceKey): Told {
  // Zod takes a key for required that need not be there where its schema makes something of what is absent.
  const mayBeAbsent = (one: z.ZodType) => (isRequired(schema) ? one : one.optional())
  try {
    return told({...keys, [name]: mayBeAbsent(schema)})
  } catch {
    return told({...keys, [name]: mayBeAbsent(z.unknown()).meta(descriptionOf(schema))})
  }
}

function told(keys: Keys): Told {
  return {keys, jsonSchema: toJsonSchema(fileSchema(z.strictObject(keys)))}
}

import {z} from 'zod'
import {type InstanceFormat, keySchemas} from './schema.js'

/** A key of an instance, for people. */
export interface KeyDescription {
  readonly name: string
  /** What it means, as its schema says; undefined where a plugin's says nothing. */
  readonly description: string | undefined
  readonly required: boolean
  /** In JSON; undefined where there is none. */
  readonly default: string | undefined
}

/** Every key that an instance can have, in the order of the manual, those of plugins last. */
export function describeKeys(format: InstanceFormat): readonly KeyDescription[] {
  return Object.entries(keySchemas(format)).map(([name, schema]) => {
    const {description, default: value} = jsonSchemaOf(schema)
    return {
      name,
      description,
      required: schema._zod.optin === undefined,
      default: value === undefined ? undefined : JSON.stringify(value),
    }
  })
}

/** A plugin's schema may be one that JSON Schema has no words for. */
function jsonSchemaOf(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  try {
    return z.toJSONSchema(schema, {io: 'input', unrepresentable: 'any'})
  } catch {
    return {}
  }
}

import {isRequired, jsonSchemaOf} from './json-schema.js'
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
      required: isRequired(schema),
      default: value === undefined ? undefined : JSON.stringify(value),
    }
  })
}

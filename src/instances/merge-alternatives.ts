import type {z} from 'zod'

/** What JSON Schema says of values of one type alone: it is no constraint for those of others. */
const keywords: Readonly<Record<string, readonly string[]>> = {
  string: ['pattern', 'format', 'minLength', 'maxLength', 'contentEncoding'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  boolean: [],
  null: [],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  object: ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames'],
}

/**
 * Writes a choice between different types, such as a string and an object, as one schema with several types, which is
 * the same. Of a wrong value it then says what is wrong, rather than that no alternative fits, and an editor completes
 * by it. Any other choice stays as it is.
 */
export function mergeAlternatives(schema: z.core.JSONSchema.BaseSchema): void {
  const {anyOf: alternatives = []} = schema
  if (alternatives.length < 2 || !alternatives.every(isOfOneType) || !areOfDifferentTypes(alternatives)) {
    return
  }

  Object.assign(schema, ...alternatives, {type: alternatives.map(({type}) => type)})
  Reflect.deleteProperty(schema, 'anyOf')
}

function isOfOneType({type, ...others}: z.core.JSONSchema.BaseSchema): boolean {
  const known = typeof type === 'string' ? keywords[type] : undefined
  return known !== undefined && Object.keys(others).every(keyword => known.includes(keyword))
}

function areOfDifferentTypes(alternatives: readonly z.core.JSONSchema.BaseSchema[]): boolean {
  const types = alternatives.map(({type}) => (type === 'integer' ? 'number' : type))
  return new Set(types).size === types.length
}

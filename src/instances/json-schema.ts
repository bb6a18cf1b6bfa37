import * as z from 'zod'
import {mergeAlternatives} from './merge-alternatives.js'

/** A JSON Schema, of the draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/**
 * What `schema` takes, in JSON Schema, as far as that has words for it.
 *
 * @throws where zod cannot tell it at all, as of some schema of a plugin
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override({zodSchema, jsonSchema}) {
      mergeAlternatives(jsonSchema)
      keepExamples(jsonSchema, zodSchema)
    },
  })
}

/** Zod takes those of a schema that transforms for examples of its output. Here they are what stands in the file. */
function keepExamples(jsonSchema: JsonSchema, schema: z.core.$ZodType): void {
  const {examples} = z.globalRegistry.get(schema) ?? {}
  if (Array.isArray(examples)) {
    jsonSchema.examples ??= examples
  }
}

/** The same; of a schema that zod cannot tell, no more than its description. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  try {
    return toJsonSchema(schema)
  } catch {
    return descriptionOf(schema)
  }
}

/** What a schema says of itself in words, or else what the one does that it wraps, as an optional one. */
export function descriptionOf(schema: z.core.$ZodType): {readonly description?: string} {
  const description = z.globalRegistry.get(schema)?.description
  if (description !== undefined) {
    return {description}
  }

  const {def} = schema._zod
  return 'innerType' in def && def.innerType instanceof z.core.$ZodType ? descriptionOf(def.innerType) : {}
}

/** Whether an object has to have a key of this schema. */
export function isRequired(schema: z.ZodType): boolean {
  return schema._zod.optin === undefined
}

import * as z from 'zod'
import type {InstanceKey} from '../contract/plugin.js'
import {type InstanceFormat, keySchemas} from './schema.js'

const exampleInstance = {name: 'vm-1', image: 'ubuntu-amd64.qcow2', 'timeout-seconds': 14_400, config: {}}

const instanceMeta = {
  id: 'instance',
  title: 'Instance',
  description: 'A virtual machine that vmrun runs by its name.',
  examples: [exampleInstance],
}

const instancesMeta = {
  description: 'The instances, as in a file that is an array.',
  examples: [[exampleInstance]],
}

/** The keys of an instances file that is an object. What its instances have to be is not said here. */
export const documentKeys = {
  $schema: z
    .string('must be a string')
    .optional()
    .meta({
      description:
        'The JSON Schema of this file, by its path or URL: an editor checks and completes by it. vmrun ignores it.',
      examples: ['./instances.schema.json'],
    }),

  instances: z.array(z.unknown(), 'must be an array of instances').meta(instancesMeta),
}

/**
 * The schema of an instances file: an array of instances, or an object that has them as `instances`.
 *
 * @param instance the schema of one, of which is said here what it is
 */
function fileSchema(instance: z.ZodType) {
  const instances = z.array(instance.meta(instanceMeta))
  return z
    .union([instances, z.strictObject({...documentKeys, instances: instances.meta(instancesMeta)})])
    .meta({
      title: 'Instances of vmrun',
      description:
        'Virtual machines that vmrun runs: an array of instances, or an object with such an array.',
      examples: [[exampleInstance], {$schema: './instances.schema.json', instances: [exampleInstance]}],
    })
}

/** A JSON Schema, of the draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

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

/**
 * What `schema` takes, in JSON Schema, as far as that has words for it.
 *
 * @throws where zod cannot tell it at all, as of some schema of a plugin
 */
function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override({zodSchema, jsonSchema}) {
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
function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  try {
    return toJsonSchema(schema)
  } catch {
    return descriptionOf(schema)
  }
}

/** What a schema says of itself in words, or else what the one does that it wraps, as an optional one. */
function descriptionOf(schema: z.core.$ZodType): {readonly description?: string} {
  const description = z.globalRegistry.get(schema)?.description
  if (description !== undefined) {
    return {description}
  }

  const {def} = schema._zod
  return 'innerType' in def && def.innerType instanceof z.core.$ZodType ? descriptionOf(def.innerType) : {}
}

/** Whether an object has to have a key of this schema. */
function isRequired(schema: z.ZodType): boolean {
  return schema._zod.optin === undefined
}

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

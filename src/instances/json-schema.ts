import * as z from 'zod'
import type {InstanceKey} from '../contract/plugin.js'
import {attempt} from '../errors/errors.js'
import {keySchemas} from './schema.js'

const example = {name: 'vm-1', image: 'ubuntu-amd64.qcow2', 'timeout-seconds': 14_400, config: {}}

/** The schema of a file whose instances have these keys: an array of instances, or an object that has them as `instances`. */
function fileSchema(keys: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const instance = z.strictObject(keys).meta({
    id: 'instance',
    title: 'Instance',
    description: 'A virtual machine that vmrun runs by its name.',
    examples: [example],
  })
  const instances = z.array(instance)
  const document = z.strictObject({
    $schema: z
      .string()
      .optional()
      .meta({
        description:
          'The JSON Schema of this file, by its path or URL: an editor checks and completes by it. vmrun ignores it.',
        examples: ['./instances.schema.json'],
      }),
    instances: instances.meta({
      description: 'The instances, as in a file that is an array.',
      examples: [[example]],
    }),
  })
  return z.union([instances, document]).meta({
    title: 'Instances of vmrun',
    description: 'Virtual machines that vmrun runs: an array of instances, or an object with such an array.',
    examples: [[example], {$schema: './instances.schema.json', instances: [example]}],
  })
}

/** A JSON Schema, of the draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/**
 * The JSON Schema of an instances file, the same on every host. What is said of a key of a plugin is what its schema
 * says; where that cannot be told, any value is allowed, as `vmrun validate` can tell.
 *
 * @param instanceKeys those that plugins contribute
 */
export function fileJsonSchema(instanceKeys: readonly InstanceKey[]): JsonSchema {
  const keys: Record<string, z.ZodType> = {...keySchemas({instanceKeys: []})}
  for (const {name, schema} of instanceKeys) {
    // The schema of a plugin may throw. Zod takes a key for required that need not be there where its schema makes something
    // of what is absent.
    const mayBeAbsent = attempt(() => schema.isOptional()) === true
    const told = mayBeAbsent ? schema.optional() : schema
    // Schemas of several plugins may be told each by itself, and not together, as two that have the same `id`.
    const isTold = attempt(() => toJsonSchema(fileSchema({...keys, [name]: told}))) !== undefined
    const {description = innerDescription(schema)} = schema
    const anything = (mayBeAbsent ? z.unknown().optional() : z.unknown()).meta(
      description ? {description} : {},
    )
    keys[name] = isTold ? told : anything
  }

  return toJsonSchema(fileSchema(keys))
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
      // Zod takes those of a schema that transforms for examples of its output. Here they are what stands in the file.
      const {examples} = z.globalRegistry.get(zodSchema) ?? {}
      if (Array.isArray(examples)) {
        jsonSchema.examples ??= examples
      }
    },
  })
}

/** What a schema that another one makes optional says of itself. */
function innerDescription(schema: z.ZodType): string | undefined {
  return schema instanceof z.ZodOptional ? z.globalRegistry.get(schema.unwrap())?.description : undefined
}

/** A key of an instance, for people. */
export interface KeyDescription {
  readonly name: string
  /** What it means, as its schema says; empty where a plugin's says nothing. */
  readonly description: string
  readonly required: boolean
  /** In JSON; undefined where there is none. */
  readonly default: string | undefined
}

/** Every key that an instance can have, in the order of the manual, those of plugins last. */
export function describeKeys(instanceKeys: readonly InstanceKey[]): readonly KeyDescription[] {
  const {properties = {}, required = []} = fileJsonSchema(instanceKeys).$defs?.['instance'] ?? {}
  return Object.entries(properties).map(([name, schema]) => {
    const {description = '', default: value} = typeof schema === 'object' ? schema : {}
    const written = value === undefined ? undefined : JSON.stringify(value)
    return {name, description, required: required.includes(name), default: written}
  })
}

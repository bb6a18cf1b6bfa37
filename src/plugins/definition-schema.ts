import * as z from 'zod'
import {isRecord} from '../contract/json-value.js'
import type {Plugin} from '../contract/plugin.js'
import {messageOf} from '../errors/thrown.js'
import {faultsOf} from './faults.js'

/** What the schemas of a plugin's definition and of what its functions return share. */
export const text = z.string().min(1)

/** As for `text`. */
export const texts = z.array(z.string())

/** As for `text`. */
export const callable = z.custom(value => typeof value === 'function', 'expected a function')

const identifier = z.string().regex(/^[\w.-]+$/u, 'expected letters, digits, "_", "-" and "."')

const packages = z.strictObject({
  debian: text.optional(),
  fedora: text.optional(),
  arch: text.optional(),
  homebrew: text.optional(),
})

const deviceOptions = z.object({driver: text}).catchall(z.union([z.string(), z.number(), z.boolean()]))

/** The root disk and the config disk may both be such a one, so what tells devices apart is added by vmrun. */
const diskOptions = deviceOptions.refine(
  options => ['id', 'drive', 'bootindex'].every(option => !Object.hasOwn(options, option)),
  'expected neither id nor drive nor bootindex: vmrun adds them',
)

const architecture = z.strictObject({
  name: identifier,
  hosts: texts,
  program: text,
  packages,
  machine: text,
  emulatedCpu: text,
  firmware: z.strictObject({paths: z.array(text).min(1), packages}).optional(),
  devices: z.strictObject({
    disk: diskOptions,
    network: deviceOptions,
    scsi: deviceOptions.optional(),
    ideBus: text.optional(),
    entropy: deviceOptions.optional(),
    panic: deviceOptions.optional(),
  }),
  powerButton: z.boolean().optional(),
  arguments: texts,
  probe: z.strictObject({arguments: texts, firmware: callable, exitCode: z.int()}).optional(),
  bootSignature: z
    .strictObject({offset: z.int().min(0).max(511), bytes: z.array(z.int().min(0).max(255))})
    .optional(),
})

const configDiskKind = z.strictObject({name: identifier, configure: callable})

const step = z
  .strictObject({
    name: identifier,
    title: text,
    always: z.boolean().optional(),
    quiet: z.boolean().optional(),
    unlimited: z.boolean().optional(),
    plan: callable.optional(),
    run: callable,
    ended: callable.optional(),
    before: text.optional(),
    after: text.optional(),
    replacing: text.optional(),
  })
  .refine(({before, after, replacing}) => [before, after, replacing].filter(Boolean).length === 1, {
    error: 'expected exactly one of before, after and replacing',
  })

const placeholder = z.strictObject({
  name: z.string().regex(/^[A-Za-z][\w-]*$/u, 'expected letters, digits, "_" and "-", a letter first'),
  resolve: callable,
})

const instanceKey = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][\da-z-]*$/u, {
      error: 'expected lower-case letters, digits and "-", a letter first',
      abort: true,
    })
    // Every instance would have it.
    .refine(name => !(name in {}), 'expected a name that not every object has'),
  schema: z.custom<z.core.$ZodType>(isSchema, 'expected a schema of zod 4').superRefine((schema, context) => {
    const fault = faultOfSchema(schema)
    if (fault !== undefined) {
      context.addIssue(fault)
    }
  }),
})

function isSchema(value: unknown): value is z.core.$ZodType {
  return isRecord(value) && isRecord(value['_zod'])
}

/** Every instance without the key is checked by its schema: one that fails there harms whoever does not use the plugin. */
function faultOfSchema(schema: z.core.$ZodType): string | undefined {
  try {
    z.safeParse(schema, undefined)
    return undefined
  } catch (error) {
    return `where the key is absent: ${messageOf(error)}`
  }
}

const definitionSchema = z.strictObject({
  apiVersion: z.literal(1),
  architectures: z.array(architecture).optional(),
  configDisks: z.array(configDiskKind).optional(),
  steps: z.array(step).optional(),
  placeholders: z.array(placeholder).optional(),
  instanceKeys: z.array(instanceKey).optional(),
})

/** A definition that holds; or else everything in which it departs from the contract, by contribution and member. */
export function checkDefinition(
  definition: unknown,
): {readonly definition: Plugin} | {readonly faults: readonly string[]} {
  const faults = faultsOf(definitionSchema, definition)
  return isSound(definition, faults) ? {definition} : {faults}
}

function isSound(_: unknown, faults: readonly string[]): _ is Plugin {
  return faults.length === 0
}

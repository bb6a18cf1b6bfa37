import * as z from 'zod'
import {isRecord} from '../contract/json-value.js'
import type {Plugin} from '../contract/plugin.js'
import {problemsOfVolume} from '../disks/config/image.js'
import {HostError, messageOf} from '../errors/errors.js'
import {longestName, namePattern} from '../instances/schema.js'

const text = z.string().min(1)
const texts = z.array(z.string())
const callable = z.custom(value => typeof value === 'function', 'expected a function')
const bytes = z.instanceof(Uint8Array, {error: 'expected a Uint8Array'})
/** As an instance can name it. */
const identifier = z
  .string()
  .max(longestName, `expected up to ${longestName} characters`)
  .regex(namePattern, 'expected letters, digits, "_", "-" and "."')

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
    serial: deviceOptions.optional(),
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
    try {
      // As for every instance without the key: what throws there harms whoever does not use the plugin.
      z.safeParse(schema, undefined)
    } catch (error) {
      context.addIssue(`where the key is absent: ${messageOf(error)}`)
    }
  }),
})

function isSchema(value: unknown): value is z.core.$ZodType {
  return isRecord(value) && isRecord(value['_zod'])
}

/** The version of the contract in contract/. */
const apiVersion = 1

const definitionSchema = z.strictObject({
  apiVersion: z.literal(apiVersion),
  architectures: z.array(architecture).optional(),
  configDisks: z.array(configDiskKind).optional(),
  steps: z.array(step).optional(),
  placeholders: z.array(placeholder).optional(),
  instanceKeys: z.array(instanceKey).optional(),
})

const volume = z.strictObject({
  label: text,
  files: z.array(z.strictObject({name: text, content: z.union([z.string(), bytes])})),
})

/** What the functions of a plugin must return. */
export const returned = {
  bytes,
  text: z.string(),
  texts,
  configDisk: z.strictObject({
    title: text,
    arguments: callable,
    content: callable.optional(),
    watch: callable.optional(),
  }),
  plan: z.strictObject({title: text, commands: z.array(texts)}),
  // Told with no part of it: secrets are in it.
  content: z
    .union([bytes, volume], 'expected a Uint8Array, or a volume with label and files')
    .superRefine((content, context) => {
      for (const problem of content instanceof Uint8Array ? [] : problemsOfVolume(content)) {
        context.addIssue(problem)
      }
    }),
}

/** @throws HostError with everything in which a definition departs from the contract, in one line */
export function demandDefinition(definition: unknown): asserts definition is Plugin {
  const version = isRecord(definition) ? definition['apiVersion'] : undefined
  if (typeof version === 'number' && version > apiVersion) {
    throw new HostError(
      `it is written for version ${version} of vmrun's plugin interface, and this vmrun has version ${apiVersion}`,
      {hint: 'Install a newer vmrun, or an older version of the plugin.'},
    )
  }

  const problem = problemOf(definitionSchema, definition)
  if (problem !== undefined) {
    throw new HostError(`its definition does not hold: ${problem}`)
  }
}

/** Everything in which a value departs from a schema, in one line: `steps[0].run: …`; undefined where it holds. */
export function problemOf(schema: z.ZodType, value: unknown): string | undefined {
  const told = schema
    .safeParse(value)
    .error?.issues.map(({path, message}) =>
      path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`,
    )
  return told?.join('; ')
}

import {z} from 'zod'
import type {Plugin} from '../contract.js'
import {isRecord} from '../is-record.js'
import {messageOf} from '../thrown.js'

const text = z.string().min(1)
const texts = z.array(z.string())
const callable = z.custom(value => typeof value === 'function', 'expected a function')
const bytes = z.custom(value => value instanceof Uint8Array, 'expected a Uint8Array')
const identifier = z.string().regex(/^[\w.-]+$/u, 'expected letters, digits, "_", "-" and "."')
const address = z.int().min(0)

const packages = z.strictObject({
  debian: text.optional(),
  fedora: text.optional(),
  arch: text.optional(),
  homebrew: text.optional(),
})

const deviceOptions = z.object({driver: text}).catchall(z.union([z.string(), z.number(), z.boolean()]))

const architecture = z.strictObject({
  name: identifier,
  hosts: texts,
  program: text,
  packages,
  machine: text,
  emulatedCpu: text,
  firmware: z.strictObject({paths: z.array(text).min(1), packages}).optional(),
  devices: z.strictObject({
    disk: deviceOptions,
    network: deviceOptions,
    scsi: deviceOptions.optional(),
    ideBus: text.optional(),
    entropy: deviceOptions.optional(),
    panic: deviceOptions.optional(),
  }),
  powerButton: z.boolean().optional(),
  arguments: texts,
  probe: z.strictObject({arguments: texts, firmware: callable, exitCode: z.int()}).optional(),
  crashLog: z
    .strictObject({
      arguments: texts,
      firmware: z.array(z.strictObject({first: address, last: address})),
    })
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
  name: z.string().regex(/^[a-z][\da-z-]*$/u, 'expected lower-case letters, digits and "-", a letter first'),
  schema: z.custom(value => isRecord(value) && isRecord(value['_zod']), 'expected a schema of zod 4'),
})

const definitionSchema = z.strictObject({
  apiVersion: z.literal(1),
  architectures: z.array(architecture).optional(),
  configDisks: z.array(configDiskKind).optional(),
  steps: z.array(step).optional(),
  placeholders: z.array(placeholder).optional(),
  instanceKeys: z.array(instanceKey).optional(),
})

const configDiskSchema = z.strictObject({
  title: text,
  arguments: callable,
  content: callable.optional(),
  watch: callable.optional(),
})

const contentSchema = z.union([
  bytes,
  z.strictObject({
    label: text,
    files: z.array(z.strictObject({name: text, content: z.union([z.string(), bytes])})),
  }),
])

/** How zod begins what it has to say of most values. */
const generalities = /^Invalid input: /u

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

/** The same for what `configure` returns. */
export function faultsOfConfigDisk(configDisk: unknown): readonly string[] {
  return faultsOf(configDiskSchema, configDisk)
}

/** The same for what `arguments` returns. */
export function faultsOfArguments(programArguments: unknown): readonly string[] {
  return faultsOf(texts, programArguments)
}

/** The same for what `content` returns; never with a part of it. */
export function faultsOfContent(content: unknown): readonly string[] {
  return contentSchema.safeParse(content).success
    ? []
    : ['expected a Uint8Array, or a volume with label and files']
}

function faultsOf(schema: z.ZodType, value: unknown): readonly string[] {
  try {
    const {error} = schema.safeParse(value)
    return (error?.issues ?? []).flatMap(issue => describeIssue(issue, value))
  } catch (error) {
    // A getter, or a proxy, may throw.
    return [messageOf(error)]
  }
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): readonly string[] {
  const where = describePath(issue.path, value)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => `${where === '' ? '' : `${where}: `}${key} is not known`)
  }

  return [`${where === '' ? '' : `${where}: `}${issue.message.replace(generalities, '')}`]
}

/** `architectures[0] "s390x": devices.disk.driver` */
function describePath(path: readonly PropertyKey[], value: unknown): string {
  const [list, index, ...rest] = path
  if (list === undefined || index === undefined) {
    return list === undefined ? '' : String(list)
  }

  const contribution = memberOf(memberOf(value, list), index)
  const name = memberOf(contribution, 'name')
  const label = `${String(list)}[${String(index)}]${typeof name === 'string' ? ` "${name}"` : ''}`
  return rest.length === 0 ? label : `${label}: ${rest.map(String).join('.')}`
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

import * as z from 'zod'
import {faultsOf} from './faults.js'
import {callable, text, texts} from './schema-parts.js'

const bytes = z.custom(value => value instanceof Uint8Array, 'expected a Uint8Array')

const configDiskSchema = z.strictObject({
  title: text,
  arguments: callable,
  content: callable.optional(),
  watch: callable.optional(),
})

const planSchema = z.strictObject({title: text, commands: z.array(texts)})

const contentSchema = z.union([
  bytes,
  z.strictObject({
    label: text,
    files: z.array(z.strictObject({name: text, content: z.union([z.string(), bytes])})),
  }),
])

/** Everything in which what `configure` returns departs from the contract, by member. */
export function faultsOfConfigDisk(configDisk: unknown): readonly string[] {
  return faultsOf(configDiskSchema, configDisk)
}

/** The same for what `arguments` returns. */
export function faultsOfArguments(programArguments: unknown): readonly string[] {
  return faultsOf(texts, programArguments)
}

/** The same for what `plan` returns. */
export function faultsOfPlan(plan: unknown): readonly string[] {
  return faultsOf(planSchema, plan)
}

/** The same for what the `firmware` of a probe returns. */
export function faultsOfFirmware(firmware: unknown): readonly string[] {
  return faultsOf(bytes, firmware)
}

/** The same for what `content` returns; never with a part of it. */
export function faultsOfContent(content: unknown): readonly string[] {
  return faultsOf(contentSchema, content).length === 0
    ? []
    : ['expected a Uint8Array, or a volume with label and files']
}

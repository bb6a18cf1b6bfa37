import * as z from 'zod'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDisk, ConfigDiskKind} from '../contract/config-disk.js'
import type {Placeholder} from '../contract/plugin.js'
import type {OwnRun} from '../contract/run.js'
import type {Ending, PlacedStep, Step} from '../contract/step.js'
import {problemsOfVolume} from '../disks/config/image.js'
import {HostError, VmrunError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import type {LabelledStep} from '../run/pipeline.js'
import {withinLimit} from '../time/within-limit.js'
import {callable, text, texts} from './definition-schema.js'
import {faultsOf} from './faults.js'
import {placementOf} from './step-order.js'

// What their functions must return, by the contract.
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

/**
 * Has what plugins do wrong named after them: what they throw that is no error of vmrun's, and what they return that
 * does not hold.
 *
 * @param plugin the plugin's name
 */
export function guardedArchitecture(plugin: string, architecture: Architecture): Architecture {
  const {probe} = architecture
  if (probe === undefined) {
    return architecture
  }

  const name = `architecture "${architecture.name}" of ${plugin}: probe.firmware`
  const firmware = (): Uint8Array => {
    const found = attempt(name, () => probe.firmware())
    expectNone(name, faultsOf(bytes, found))
    return found
  }
  const {arguments: programArguments, exitCode} = probe
  const guarded = {arguments: programArguments, firmware, exitCode}
  return Object.create(architecture, {probe: {value: guarded, enumerable: true}})
}

/** As for an architecture. */
export function guardedConfigDiskKind(plugin: string, kind: ConfigDiskKind): ConfigDiskKind {
  const name = `config disk "${kind.name}" of ${plugin}`
  return {
    name: kind.name,
    configure: (choice, architecture, config) => {
      const found = attempt(`${name}: configure`, () => kind.configure(choice, architecture, config))
      expectNone(`${name}: configure`, faultsOf(configDiskSchema, found))
      return guardedConfigDisk(name, found)
    },
  }
}

function guardedConfigDisk(name: string, disk: ConfigDisk): ConfigDisk {
  return {
    title: disk.title,
    arguments: file => {
      const found = attempt(`${name}: arguments`, () => disk.arguments(file))
      expectNone(`${name}: arguments`, faultsOf(texts, found))
      return found
    },
    ...(disk.content && {
      content: source => {
        const found = attempt(`${name}: content`, () => disk.content?.(source), secretive)
        // Never with a part of it.
        const isContent = contentSchema.safeParse(found).success
        expectNone(
          `${name}: content`,
          isContent ? [] : ['expected a Uint8Array, or a volume with label and files'],
        )
        expectNone(`${name}: content`, found && !(found instanceof Uint8Array) ? problemsOfVolume(found) : [])
        return found ?? new Uint8Array()
      },
    }),
    ...(disk.watch && {
      watch: machine => attemptLater(`${name}: watch`, async () => await disk.watch?.(machine)),
    }),
  }
}

/** As for an architecture; what comes is also named so by whoever gives the step up. */
export function guardedStep(plugin: string, placed: PlacedStep): PlacedStep & LabelledStep {
  const step: Step<OwnRun> = placed
  const name = `step "${step.name}" of ${plugin}`
  const {plan, ended, always = false, quiet = false, unlimited = false} = step
  return {
    ...placementOf(placed),
    label: name,
    name: step.name,
    title: step.title,
    always,
    quiet,
    unlimited,
    ...(plan && {
      plan: async (run: OwnRun, directory: string) => {
        const found = await attemptLater(`${name}: plan`, async () => await plan.call(step, run, directory))
        expectNone(`${name}: plan`, faultsOf(planSchema, found))
        return found
      },
    }),
    run: (run: OwnRun, progress, signal) =>
      attemptLater(name, async () => {
        const title: unknown = await step.run(run, progress, signal)
        return typeof title === 'string' ? title : step.title
      }),
    ...(ended && {
      ended: (run: OwnRun, ending: Ending) =>
        attemptLater(`${name}: ended`, async () => await ended.call(step, run, ending)),
    }),
  }
}

/** How long a placeholder may take, in milliseconds. */
const placeholderLimit = 60_000

/** As for an architecture. */
export function guardedPlaceholder(plugin: string, placeholder: Placeholder): Placeholder {
  const name = `placeholder "${placeholder.name}" of ${plugin}`
  return {
    name: placeholder.name,
    resolve: async (argument, surroundings) => {
      const resolve = (): Promise<unknown> =>
        attemptLater(name, async () => await placeholder.resolve(argument, surroundings), secretive)
      const found = await attemptLater(name, () => withinLimit(placeholderLimit, resolve))
      if (typeof found !== 'string') {
        throw new HostError(`${name} gave no text`)
      }

      return found
    },
  }
}

function attempt<Result>(what: string, work: () => Result, tell = messageOf): Result {
  try {
    return work()
  } catch (error) {
    throw named(what, error, tell)
  }
}

async function attemptLater<Result>(
  what: string,
  work: () => Promise<Result>,
  tell = messageOf,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw named(what, error, tell)
  }
}

function named(what: string, error: unknown, tell: (error: unknown) => string): VmrunError {
  return error instanceof VmrunError ? error : new HostError(`${what} failed: ${tell(error)}`, {cause: error})
}

/** Where secrets are at hand: the message of a parser, for one, quotes what it was given. */
function secretive(error: unknown): string {
  return error instanceof Error ? `${error.name}, whose message may hold a secret` : 'it threw no error'
}

function expectNone(what: string, faults: readonly string[]): void {
  if (faults.length > 0) {
    throw new HostError(`${what} gave what it must not: ${faults.join('; ')}`)
  }
}

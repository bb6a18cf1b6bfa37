import type {z} from 'zod'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDisk, ConfigDiskKind} from '../contract/config-disk.js'
import type {Placeholder} from '../contract/plugin.js'
import type {OwnRun} from '../contract/run.js'
import type {Ending, PlacedStep, Step} from '../contract/step.js'
import {HostError, messageOf, VmrunError} from '../errors/errors.js'
import type {LabelledStep} from '../run/pipeline.js'
import {withinLimit} from '../time/timer.js'
import {problemOf, returned} from './definition.js'

// Each function of a plugin is called through `called` or `awaited`, on the plugin's own object. What it throws that is no
// error of vmrun's, and what it returns that does not hold, is named after plugin, contribution and member.

/** What else is known of a function. */
interface Terms {
  /** What it must return. */
  readonly gives?: z.ZodType
  /** Whether it has secrets at hand: the message of a parser, for one, quotes what it was given. */
  readonly isSecretive?: boolean
}

/** @param plugin the plugin's name */
export function guardedArchitecture(plugin: string, architecture: Architecture): Architecture {
  const {probe, name} = architecture
  if (probe === undefined) {
    return architecture
  }

  const what = `architecture "${name}" of ${plugin}: probe.firmware`
  const value = {
    arguments: probe.arguments,
    firmware: () => called(what, () => probe.firmware(), {gives: returned.bytes}),
    exitCode: probe.exitCode,
  }
  return Object.create(architecture, {probe: {value, enumerable: true}})
}

/** As for an architecture. */
export function guardedConfigDiskKind(plugin: string, kind: ConfigDiskKind): ConfigDiskKind {
  const what = `config disk "${kind.name}" of ${plugin}`
  return {
    name: kind.name,
    configure: (...given) => {
      const configure = (): ConfigDisk => kind.configure(...given)
      return guardedConfigDisk(what, called(`${what}: configure`, configure, {gives: returned.configDisk}))
    },
  }
}

function guardedConfigDisk(what: string, disk: ConfigDisk): ConfigDisk {
  const {title, content, watch} = disk
  return {
    title,
    arguments: file => called(`${what}: arguments`, () => disk.arguments(file), {gives: returned.texts}),
    ...(content && {
      content: source => {
        const terms = {gives: returned.content, isSecretive: true}
        return called(`${what}: content`, () => content.call(disk, source), terms)
      },
    }),
    ...(watch && {watch: machine => awaited(`${what}: watch`, () => watch.call(disk, machine))}),
  }
}

/** As for an architecture; what comes is also named so by whoever gives the step up. */
export function guardedStep(plugin: string, placed: PlacedStep): LabelledStep {
  const step: Step<OwnRun> = placed
  const label = `step "${step.name}" of ${plugin}`
  const {name, title, always = false, quiet = false, unlimited = false, plan, ended} = step
  return {
    ...{label, name, title, always, quiet, unlimited},
    ...(plan && {
      plan: (run: OwnRun, directory: string) =>
        awaited(`${label}: plan`, () => plan.call(step, run, directory), {gives: returned.plan}),
    }),
    run: async (run: OwnRun, progress, signal) => {
      const done: unknown = await awaited(label, () => step.run(run, progress, signal))
      return typeof done === 'string' ? done : title
    },
    ...(ended && {
      ended: (run: OwnRun, ending: Ending) => awaited(`${label}: ended`, () => ended.call(step, run, ending)),
    }),
  }
}

/** How long a placeholder may take, in milliseconds. */
const placeholderLimit = 60_000

/** As for an architecture. */
export function guardedPlaceholder(plugin: string, placeholder: Placeholder): Placeholder {
  const what = `placeholder "${placeholder.name}" of ${plugin}`
  const terms = {gives: returned.text, isSecretive: true}
  return {
    name: placeholder.name,
    resolve: (...given) => {
      const resolved = () => awaited(what, () => placeholder.resolve(...given), terms)
      return awaited(what, () => withinLimit(placeholderLimit, resolved))
    },
  }
}

function called<Result>(what: string, work: () => Result, terms: Terms): Result {
  try {
    return held(what, work(), terms)
  } catch (error) {
    throw failure(what, error, terms)
  }
}

async function awaited<Result>(
  what: string,
  work: () => Promise<Result>,
  terms: Terms = {},
): Promise<Result> {
  try {
    return held(what, await work(), terms)
  } catch (error) {
    throw failure(what, error, terms)
  }
}

function held<Result>(what: string, given: Result, {gives}: Terms): Result {
  const problem = gives && problemOf(gives, given)
  if (problem !== undefined) {
    throw new HostError(`${what} gave what it must not: ${problem}`)
  }

  return given
}

function failure(what: string, error: unknown, {isSecretive = false}: Terms): VmrunError {
  if (error instanceof VmrunError) {
    return error
  }

  const kind = error instanceof Error ? `${error.name}, whose message may hold a secret` : 'it threw no error'
  return new HostError(`${what} failed: ${isSecretive ? kind : messageOf(error)}`, {cause: error})
}

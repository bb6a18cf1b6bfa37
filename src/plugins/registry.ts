import {machine as hostMachine} from 'node:os'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDiskKind} from '../contract/config-disk.js'
import type {InstanceKey, Placeholder} from '../contract/plugin.js'
import {UsageError} from '../errors/errors.js'
import {type ContributedKey, ownKeyNames} from '../instances/schema.js'
import type {LabelledStep} from '../run/pipeline.js'
import {hints, knownPluginHint, pluginHint} from '../text/hints.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import {firstStep} from './built-in.js'
import {type Collection, collect} from './collect.js'
import {guardedArchitecture, guardedConfigDiskKind, guardedPlaceholder, guardedStep} from './guard.js'
import {type FailedPlugin, failureProblem, type LoadedPlugin, type PluginProblem} from './loaded-plugin.js'
import {orderSteps} from './step-order.js'

/** Everything that plugins contribute, vmrun's own contribution included. */
export class Registry {
  /** Every plugin: vmrun itself, then the others by their names. */
  readonly plugins: ReadonlyArray<LoadedPlugin | FailedPlugin>
  /** What plugins would contribute and do not. */
  readonly problems: readonly PluginProblem[]
  /** The steps of a run, in their order. */
  readonly steps: readonly LabelledStep[]
  /** The functions for placeholders, by their names. */
  readonly placeholders: ReadonlyMap<string, Placeholder>
  /** The keys that an instance can have beside vmrun's own. */
  readonly instanceKeys: readonly ContributedKey[]
  readonly #architectures: Collection<Architecture>
  readonly #configDisks: Collection<ConfigDiskKind>
  readonly #placeholders: Collection<Placeholder>
  readonly #instanceKeys: Collection<InstanceKey>

  constructor(plugins: ReadonlyArray<LoadedPlugin | FailedPlugin>) {
    this.plugins = plugins.toSorted(
      (one, other) => Number(other.isOwn) - Number(one.isOwn) || (one.name < other.name ? -1 : 1),
    )
    const loaded = this.plugins.filter(plugin => 'definition' in plugin)
    this.#architectures = collect(loaded, 'architecture', one => one.architectures, {
      guard: guardedArchitecture,
    })
    this.#configDisks = collect(loaded, 'config disk', one => one.configDisks, {guard: guardedConfigDiskKind})
    this.#placeholders = collect(loaded, 'placeholder', one => one.placeholders, {guard: guardedPlaceholder})
    this.#instanceKeys = collect(loaded, 'instance key', one => one.instanceKeys, {reserved: ownKeyNames})
    const steps = collect(loaded, 'step', one => one.steps, {reserved: [firstStep.name]})
    const order = orderSteps(firstStep.name, steps.claims)
    this.steps = [
      firstStep,
      ...order.steps.map(({plugin, thing}) => (plugin.isOwn ? thing : guardedStep(plugin.name, thing))),
    ]
    this.placeholders = new Map(this.#placeholders.claims.map(({thing}) => [thing.name, thing]))
    this.instanceKeys = this.#instanceKeys.claims.map(({thing, plugin}) => ({...thing, plugin: plugin.name}))
    this.problems = [
      ...this.plugins.flatMap(plugin => ('failure' in plugin ? [failureProblem(plugin)] : [])),
      ...[this.#architectures, this.#configDisks, steps, this.#placeholders, this.#instanceKeys].flatMap(
        ({disputes}) => Array.from(disputes.values()),
      ),
      ...order.problems,
    ]
  }

  /** The name of the host's architecture, also where nobody contributes that. */
  get hostArchitecture(): string {
    const host = hostMachine()
    return this.architectures.find(({hosts}) => hosts.includes(host))?.name ?? host
  }

  /** All architectures, vmrun's own first. */
  get architectures(): readonly Architecture[] {
    return this.#architectures.claims.map(({thing}) => thing)
  }

  /** @throws UsageError when nobody contributes it, or several do */
  architecture(name: string): Architecture {
    return this.#named(this.#architectures, name, 'arch')
  }

  /** @throws UsageError when nobody contributes it, or several do */
  configDisk(name: string): ConfigDiskKind {
    return this.#named(this.#configDisks, name, 'config-disk')
  }

  /** Who may know an instance key that is not known; undefined where nobody can. */
  doubtOfKey(name: string): string | undefined {
    return this.#doubtOf(this.#instanceKeys, name)
  }

  /** The same for the name of a placeholder. */
  doubtOfPlaceholder(name: string): string | undefined {
    return this.#doubtOf(this.#placeholders, name)
  }

  #doubtOf({disputes}: Collection<unknown>, name: string): string | undefined {
    return disputes.get(name)?.message ?? this.#unasked
  }

  /** Who could not be asked whether it has what nobody else does; undefined where everybody was. */
  get #unasked(): string | undefined {
    const failed = this.plugins.filter(plugin => 'failure' in plugin).map(({name}) => name)
    return failed.length === 0
      ? undefined
      : `perhaps a plugin has it that could not be loaded: ${failed.join(', ')}`
  }

  #named<Thing extends {readonly name: string}>(
    {claims, disputes}: Collection<Thing>,
    name: string,
    key: 'arch' | 'config-disk',
  ): Thing {
    const found = claims.find(({thing}) => thing.name === name)
    if (found !== undefined) {
      return found.thing
    }

    const dispute = disputes.get(name)
    if (dispute !== undefined) {
      const {message, hint} = dispute
      throw new UsageError(`${key} ${quoted(name)} cannot be used: ${message}`, {hint})
    }

    const names = claims.map(({thing}) => thing.name)
    throw new UsageError(`${key} ${quoted(name)} is not known; there are: ${names.join(', ')}`, {
      hint: hints(knownPluginHint(key, name) ?? didYouMean(name, names), this.#unasked) ?? pluginHint,
    })
  }
}

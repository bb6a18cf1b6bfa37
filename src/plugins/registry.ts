import {machine as hostMachine} from 'node:os'
import type {Architecture, ConfigDiskKind, InstanceKey, Placeholder, Step} from '../contract.js'
import {UsageError} from '../errors.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import {type Collection, collect, collectKeys} from './collect.js'
import {guardedConfigDiskKind, guardedPlaceholder, guardedStep} from './guard.js'
import type {FailedPlugin, LoadedPlugin} from './loaded-plugin.js'
import {firstStep} from './own-steps.js'
import {disputeProblem, failureProblem, misplacedProblem, type PluginProblem} from './plugin-problem.js'
import {orderSteps} from './step-order.js'

/** Everything that plugins contribute, vmrun's own contribution included. */
export class Registry {
  /** Every plugin: vmrun itself, then the others by their names. */
  readonly plugins: ReadonlyArray<LoadedPlugin | FailedPlugin>
  /** What plugins would contribute and do not. */
  readonly problems: readonly PluginProblem[]
  /** The steps of a run, in their order. */
  readonly steps: readonly Step[]
  /** The functions for placeholders, by their names. */
  readonly placeholders: ReadonlyMap<string, Placeholder>
  /** The keys that an instance can have beside vmrun's own. */
  readonly instanceKeys: readonly InstanceKey[]
  readonly #architectures: Collection<Architecture>
  readonly #configDisks: Collection<ConfigDiskKind>

  constructor(plugins: ReadonlyArray<LoadedPlugin | FailedPlugin>) {
    this.plugins = plugins.toSorted(
      (one, other) => Number(other.isOwn) - Number(one.isOwn) || (one.name < other.name ? -1 : 1),
    )
    const loaded = this.plugins.filter(plugin => 'definition' in plugin)
    this.#architectures = collect(loaded, 'architecture', ({architectures}) => architectures)
    this.#configDisks = collect(loaded, 'config disk', ({configDisks}) => configDisks, guardedConfigDiskKind)
    const placeholders = collect(loaded, 'placeholder', one => one.placeholders, guardedPlaceholder)
    const keys = collectKeys(loaded)
    const steps = collect(loaded, 'step', one => one.steps, guardedStep)
    const order = orderSteps(firstStep, steps.claims)
    this.placeholders = new Map(placeholders.claims.map(({thing}) => [thing.name, thing]))
    this.instanceKeys = keys.claims.map(({thing}) => thing)
    this.steps = order.steps
    this.problems = [
      ...this.plugins.flatMap(plugin => ('failure' in plugin ? [failureProblem(plugin)] : [])),
      ...[this.#architectures, this.#configDisks, steps, placeholders, keys].flatMap(({disputes}) =>
        disputes.map(disputeProblem),
      ),
      ...order.misplaced.map(misplacedProblem),
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

  /** Whether it is contributed. */
  hasArchitecture(name: string): boolean {
    return this.architectures.some(architecture => architecture.name === name)
  }

  /** @throws UsageError when nobody contributes it, or several do */
  configDisk(name: string): ConfigDiskKind {
    return this.#named(this.#configDisks, name, 'config-disk')
  }

  /** Who could not be asked whether it has what nobody else does; undefined where everybody was. */
  get doubt(): string | undefined {
    const failed = this.plugins.filter(plugin => 'failure' in plugin).map(({name}) => name)
    return failed.length === 0
      ? undefined
      : `perhaps a plugin has it that could not be loaded: ${failed.join(', ')}`
  }

  #named<Thing extends {readonly name: string}>(
    {claims, disputes}: Collection<Thing>,
    name: string,
    key: string,
  ): Thing {
    const found = claims.find(({thing}) => thing.name === name)
    if (found !== undefined) {
      return found.thing
    }

    const dispute = disputes.find(one => one.name === name)
    if (dispute !== undefined) {
      const {message, hint} = disputeProblem(dispute)
      throw new UsageError(`${key} ${quoted(name)} cannot be used: ${message}`, {hint})
    }

    const names = claims.map(({thing}) => thing.name)
    throw new UsageError(`${key} ${quoted(name)} is not known; there is: ${names.join(', ')}`, {
      hint: didYouMean(name, names) ?? this.doubt,
    })
  }
}

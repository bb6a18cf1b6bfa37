import {machine as hostMachine} from 'node:os'
import type {Architecture} from '../architectures/architecture.js'
import type {ConfigDiskKind} from '../config-disks/config-disk.js'
import {UsageError} from '../errors.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import type {Contribution} from './contribution.js'

/** Everything that instances can name. */
export class Registry {
  readonly #architectures: readonly Architecture[]
  readonly #configDisks: readonly ConfigDiskKind[]

  constructor(contributions: readonly Contribution[]) {
    this.#architectures = contributions.flatMap(({architectures}) => architectures)
    this.#configDisks = contributions.flatMap(({configDisks}) => configDisks)
  }

  /** The name of the host's architecture, also where nobody contributes that. */
  get hostArchitecture(): string {
    const host = hostMachine()
    return this.#architectures.find(({hosts}) => hosts.includes(host))?.name ?? host
  }

  /** All architectures, in the order in which they were contributed. */
  get architectures(): readonly Architecture[] {
    return this.#architectures
  }

  /** @throws UsageError when nobody contributes it */
  architecture(name: string): Architecture {
    return named(this.#architectures, name, 'arch')
  }

  /** Whether anybody contributes it. */
  hasArchitecture(name: string): boolean {
    return this.#architectures.some(architecture => architecture.name === name)
  }

  /** @throws UsageError when nobody contributes it */
  configDisk(name: string): ConfigDiskKind {
    return named(this.#configDisks, name, 'config-disk')
  }
}

function named<Thing extends {readonly name: string}>(
  things: readonly Thing[],
  name: string,
  key: string,
): Thing {
  const found = things.find(thing => thing.name === name)
  if (found === undefined) {
    const names = things.map(thing => thing.name)
    throw new UsageError(`${key} ${quoted(name)} is not known; there is: ${names.join(', ')}`, {
      hint: didYouMean(name, names),
    })
  }

  return found
}

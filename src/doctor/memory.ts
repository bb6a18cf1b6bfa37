import prettyBytes from 'pretty-bytes'
import type {Instance} from '../contract/instance.js'
import {sizeInBytes} from '../instances/size.js'
import type {Finding} from './finding.js'

/** What a guest wants of the host's memory. */
export interface MemoryDemand {
  readonly instance: string
  /** As in the instances file: `4G`. */
  readonly ram: string
  readonly bytes: number
}

/**
 * What is to be said of the memory.
 *
 * @param available in bytes
 * @param largest the instance that wants most
 */
export function memoryFinding(available: number, largest: MemoryDemand | undefined): Finding {
  const text = `${prettyBytes(available, {binary: true})} available`
  const look = {check: 'memory', subject: 'host', availableBytes: available} as const
  if (largest === undefined) {
    return {...look, state: 'good', message: text}
  }

  const found = {
    ...look,
    message: `${text}, ${largest.instance} wants ${largest.ram}`,
    wantedBytes: largest.bytes,
  }
  return largest.bytes <= available
    ? {...found, state: 'good'}
    : {
        ...found,
        state: 'poor',
        hint: 'Give the instance less "ram": a guest that uses all of its memory may be killed.',
      }
}

/** What the instance wants that wants most; undefined where there is none. */
export function largestDemand(
  instances: readonly Pick<Instance, 'name' | 'ram'>[],
): MemoryDemand | undefined {
  return instances
    .map(({name, ram}) => ({instance: name, ram, bytes: sizeInBytes(ram)}))
    .toSorted((one, other) => other.bytes - one.bytes)[0]
}

import fc, {type Arbitrary} from 'fast-check'
import type {JsonObject} from '../../src/contract/json-value.js'
import {anyText, jsonObject} from '../arbitraries.js'
import {anyLayout, layOut, tokensOf} from './layouts.js'
import {mutated, mutations} from './mutations.js'

/** An entry of an instances file, as it is written. */
export type WrittenInstance = JsonObject & {
  readonly name: string
  readonly image: string
  readonly config: JsonObject
}

const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/** A name that an instance may have. */
export const instanceName: Arbitrary<string> = anyText
  .map(text => text.replaceAll(unprintable, ''))
  .filter(name => name !== '')

const size = fc
  .tuple(fc.integer({min: 1, max: 8191}), fc.constantFrom('K', 'M', 'G', 'T'))
  .map(parts => parts.join(''))
const identifier = fc.stringMatching(/^[\w.-]+$/u)

/** An entry that holds, with some of the keys that need not be there. */
const instance: Arbitrary<WrittenInstance> = fc.record(
  {
    name: instanceName,
    image: anyText.map(text => text.replaceAll('\0', '')).filter(image => image !== ''),
    'timeout-seconds': fc.integer({min: 1, max: 2 ** 31}),
    config: jsonObject,
    arch: identifier,
    'cpu-cores': fc.integer({min: 1, max: 512}),
    ram: size,
    'root-disk': size,
    'ssh-port': fc.integer({min: 1, max: 65_535}),
    'config-disk': fc.oneof(
      identifier,
      fc.record({kind: identifier, bus: anyText}, {requiredKeys: ['kind'], noNullPrototype: true}),
    ),
    accelerator: fc.constantFrom('auto', 'kvm', 'tcg', 'hvf'),
    'grace-seconds': fc.integer({min: 0, max: 2 ** 31}),
  },
  {requiredKeys: ['name', 'image', 'timeout-seconds', 'config'], noNullPrototype: true},
)

/** The entries of a file that holds. */
export const instances: Arbitrary<readonly WrittenInstance[]> = fc.uniqueArray(instance, {
  minLength: 1,
  maxLength: 4,
  selector: ({name}) => name,
})

/** A text that is nearly an instances file, or one. */
export const nearlyInstances: Arbitrary<string> = fc
  .tuple(instances, anyLayout, mutations)
  .map(([entries, layout, changes]) => layOut(mutated(tokensOf(JSON.stringify(entries)), changes), layout))

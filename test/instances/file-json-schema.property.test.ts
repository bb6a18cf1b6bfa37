import fc, {type Arbitrary} from 'fast-check'
import {expect, test} from 'vitest'
import type {JsonValue} from '../../src/contract/json-value.js'
import {fileJsonSchema} from '../../src/instances/json-schema.js'
import {ownKeyNames} from '../../src/instances/schema.js'
import {anyText, jsonValue} from '../arbitraries.js'
import {isBeyondJsonSchema} from './beyond-json-schema.js'
import {instances} from './documents.js'
import {validator} from './json-schema-validator.js'
import {tokensOf} from './layouts.js'
import {mutated, mutations} from './mutations.js'
import {isTaken, parsed} from './read-text.js'

const fits = validator(fileJsonSchema([]))

/** Values that are right for some key, or nearly. */
const nearValue: Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    ...[0, -0, 1, -1, 1.5, 60, 512, 513, 65_535, 65_536, 2 ** 31, 2 ** 31 + 1, 2 ** 53, 1e300],
    ...['', 'vm-1', 'a b', 'a\n', '\0', '\ud800', '1G', '0G', '01G', '1g', '8191T', '8192T', '1G\n'],
    ...['user', 'none', 'isolated', 'auto', 'kvm', 'allow', 'forbid', 'x86_64', 'cdrom', 'None'],
    ...[[], ['spawn'], ['spawn', 'spawn'], ['a.qcow2'], [''], [null], [[]]],
    ...[{}, {kind: 'cdrom'}, {kind: 'cdrom', bus: 'ide'}, {kind: ''}, {kind: 1}, {bus: 'ide'}],
    ...[null, true, false, '8388608G'],
  ),
  jsonValue,
)

const anyKey = fc.oneof(
  {weight: 6, arbitrary: fc.constantFrom(...ownKeyNames)},
  {weight: 1, arbitrary: fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'Name', '$schema'))},
)

/** Instances some of whose keys have another value, or which have one more. */
const changedInstances: Arbitrary<JsonValue> = fc
  .tuple(instances, fc.array(fc.tuple(anyKey, nearValue), {maxLength: 2}))
  .map(([[first, ...others], changes]) => [
    // What is made of entries has `__proto__` as data.
    Object.fromEntries([...Object.entries(first ?? {}), ...changes]),
    ...others,
  ])

/** A file of instances in one form or the other, with a key more or less. */
function inAnyForm(entries: Arbitrary<JsonValue>): Arbitrary<JsonValue> {
  return fc.oneof(
    entries,
    entries.map(value => ({instances: value})),
    fc.tuple(entries, fc.oneof(anyText, nearValue)).map(([value, $schema]) => ({$schema, instances: value})),
    fc.tuple(entries, anyKey, nearValue).map(([value, key, other]) =>
      Object.fromEntries([
        ['instances', value],
        [key, other],
      ]),
    ),
  )
}

/** What is left of such a file when its text was changed, where that is still JSON. */
const mutatedFile: Arbitrary<unknown> = fc
  .tuple(inAnyForm(instances), mutations)
  .map(([file, changes]) => parsed(mutated(tokensOf(JSON.stringify(file)), changes).join('')))
  .filter(file => file !== undefined)

test.each([
  ['any JSON', inAnyForm(jsonValue), 500],
  ['instances of which a few keys have other values', inAnyForm(changedInstances), 3000],
  ['a file whose text was changed', mutatedFile, 2000],
])('the JSON Schema refuses what vmrun refuses, and nothing else: of %s', (_, files, numRuns) => {
  fc.assert(
    fc.property(files, file => {
      fc.pre(!isBeyondJsonSchema(file))
      expect(fits(file)).toBe(isTaken(file))
    }),
    {numRuns},
  )
})

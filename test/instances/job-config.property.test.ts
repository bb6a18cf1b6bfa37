import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {isJsonObject, type JsonObject, type JsonValue} from '../../src/contract/json-value.js'
import {laidOver, readJobConfig} from '../../src/instances/job-config.js'
import {resolvePlaceholders} from '../../src/instances/placeholders/placeholders.js'
import {anyText, jsonObject} from '../arbitraries.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {literalsIn} from './literals.js'

/** How many objects are laid over others. */
const numRuns = Number(process.env['VMRUN_FUZZ_RUNS'] ?? 300)

/** The value of a key that an object has itself. */
function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function expectLaidOver(merged: JsonObject, below: JsonObject, above: JsonObject): void {
  expect(new Set(Object.keys(merged))).toEqual(new Set([...Object.keys(below), ...Object.keys(above)]))
  for (const key of Object.keys(merged)) {
    const [under, over, result] = [own(below, key), own(above, key), own(merged, key)]
    if (isJsonObject(under) && isJsonObject(over) && isJsonObject(result)) {
      expectLaidOver(result, under, over)
    } else {
      expect(JSON.stringify(result)).toBe(JSON.stringify(Object.hasOwn(above, key) ? over : under))
    }
  }
}

/** Two objects of which the second has some of the keys of the first. */
const alike = fc.tuple(jsonObject, jsonObject, jsonObject).map(([shared, one, other]) => ({
  below: laidOver(shared, one),
  above: laidOver(other, shared),
}))

test('the keys of both are there, objects are merged, and for all else the upper one wins', () => {
  fc.assert(
    fc.property(fc.oneof(alike, fc.record({below: jsonObject, above: jsonObject})), ({below, above}) => {
      expectLaidOver(laidOver(below, above), below, above)
    }),
    {numRuns},
  )
})

test('whatever text a job’s config holds reaches the guest as it is, whatever it is laid over', async () => {
  const hostile = fc.oneof(
    anyText,
    fc
      .array(fc.constantFrom('$', '${{', '$${{', '}}', ' env:A ', '{', '{{'), {maxLength: 8})
      .map(all => all.join('')),
  )
  const job = fc.oneof(
    jsonObject,
    fc.dictionary(anyText, fc.oneof(hostile, fc.array(hostile), fc.dictionary(anyText, hostile))),
  )
  const path = join(await temporaryDirectory(), 'job.json')
  await fc.assert(
    fc.asyncProperty(jsonObject, job, async (config, above) => {
      await writeFile(path, JSON.stringify(above))
      const both = laidOver(literalsIn(config), await readJobConfig(path))
      const resolved = await resolvePlaceholders({name: 'vm-1', config: both}, new Map())
      expect(JSON.stringify(resolved)).toBe(JSON.stringify(laidOver(config, above)))
    }),
    {numRuns},
  )
})

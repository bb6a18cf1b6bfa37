import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import fc, {type Arbitrary} from 'fast-check'
import {expect, test} from 'vitest'
import type {JsonObject} from '../../src/contract/json-value.js'
import {pathIn} from '../../src/host/path-in.js'
import {type InstancesFile, readInstancesFile} from '../../src/instances/instances-file.js'
import {formatProblem} from '../../src/instances/problem.js'
import {anyText, jsonValue} from '../arbitraries.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {instances, nearlyInstances} from './documents.js'
import {anyLayout, layOut, tokensOf} from './layouts.js'

const lineEnd = /\r\n|\r|\n/u
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

/** A reader of files with any content, all of which have one name. */
async function reader(): Promise<(content: string | Uint8Array) => Promise<InstancesFile>> {
  const path = join(await temporaryDirectory(), 'instances.json')
  return async content => {
    await writeFile(path, content)
    return await readInstancesFile(path, {hostArchitecture: 'x86_64', instanceKeys: []})
  }
}

/** Expects that each problem stands inside the text, and can be printed on one line. */
function expectPlacesIn(content: string | Uint8Array, {problems}: InstancesFile): void {
  const lines = Buffer.from(content)
    .toString('utf8')
    .replace(/^\ufeff/u, '')
    .split(lineEnd)
  for (const problem of problems) {
    const {line = 0, column = 0} = problem
    expect(line, problem.message).toBeGreaterThanOrEqual(1)
    expect(line, problem.message).toBeLessThanOrEqual(lines.length)
    expect(column, problem.message).toBeGreaterThanOrEqual(1)
    expect(column, problem.message).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
    expect(formatProblem(problem)).not.toMatch(unprintable)
  }
}

function withByte(bytes: Buffer, at: number, byte: number): Buffer {
  bytes[at % Math.max(bytes.length, 1)] = byte
  return bytes
}

const contents: readonly {readonly what: string; readonly content: Arbitrary<string | Uint8Array>}[] = [
  {what: 'any bytes', content: fc.uint8Array({maxLength: 200})},
  {what: 'any text', content: anyText},
  {what: 'any JSON', content: jsonValue.map(value => JSON.stringify(value))},
  {what: 'an array of any JSON', content: fc.array(jsonValue).map(value => JSON.stringify(value))},
  {what: 'nearly an instances file', content: nearlyInstances},
  {what: 'nearly one, behind a byte order mark', content: nearlyInstances.map(text => `\ufeff${text}`)},
  {
    what: 'nearly one, with a byte exchanged',
    content: fc
      .tuple(nearlyInstances, fc.nat(), fc.nat(255))
      .map(([text, at, byte]) => withByte(Buffer.from(text), at, byte)),
  },
]

test.each(contents)('a file of $what is read, and every problem has a place in it', async ({content}) => {
  const read = await reader()
  await fc.assert(
    fc.asyncProperty(content, async text => {
      expectPlacesIn(text, await read(text))
    }),
    {numRuns: 100},
  )
})

test('a file that holds is read to what was written, however it is laid out', async () => {
  const read = await reader()
  await fc.assert(
    fc.asyncProperty(instances, anyLayout, async (entries, layout) => {
      const file = await read(layOut(tokensOf(JSON.stringify(entries)), layout))
      expect(file.problems).toEqual([])
      expect(file.instances.map(comparable)).toMatchObject(
        entries.map(({'config-disk': disk = 'cdrom', ...entry}) => ({
          ...comparable(entry),
          image: pathIn(file.directory, entry.image),
          'config-disk': typeof disk === 'string' ? {kind: disk} : disk,
        })),
      )
    }),
    {numRuns: 150},
  )
})

/** With the config as a text, in which `__proto__` is a key like any other and -0 is 0. */
function comparable({config, ...others}: {readonly config: JsonObject}): object {
  return {...others, config: JSON.stringify(config)}
}

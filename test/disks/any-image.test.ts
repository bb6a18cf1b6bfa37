import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readBaseImage} from '../../src/disks/base-image.js'
import {VmrunError} from '../../src/errors/errors.js'
import {openFiles} from '../open-files.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, madeImage} from './made-image.js'

/** In the header, or in the tables, which come next. */
const interesting = fc.oneof(fc.nat(160), fc.nat(5 * 65_536))

const change = fc.record({offset: interesting, bytes: fc.uint8Array({minLength: 1, maxLength: 8})})

/** What an image of qemu-img's making looks like after some changes. */
const anyImage = (original: Buffer) =>
  fc
    .record({changes: fc.array(change, {maxLength: 4}), length: fc.option(fc.nat(original.length))})
    .map(made => {
      const image = Buffer.from(original)
      for (const {offset, bytes} of made.changes) {
        image.set(bytes.subarray(0, Math.max(0, image.length - offset)), Math.min(offset, image.length))
      }

      return image.subarray(0, made.length ?? image.length)
    })

test('whatever an image holds, it is taken or refused for a reason, and nothing is left open', async () => {
  const directory = await temporaryDirectory()
  const below = join(directory, 'below')
  await writeFile(below, '')
  const made = await madeImage('16M')
  await called('qemu-io', '-f', 'qcow2', '-c', 'write 0 64k', '-c', 'write 1M 64k', made)
  await called('qemu-img', 'rebase', '-u', '-f', 'qcow2', '-b', below, '-F', 'raw', made)
  const path = join(directory, 'image')
  const outcomes = new Set<boolean>()
  await fc.assert(
    fc.asyncProperty(anyImage(await readFile(made)), async image => {
      await writeFile(path, image)
      const outcome = await readBaseImage(path, {allowed: [below]}).catch((thrown: unknown) => thrown)
      const refused = outcome instanceof Error
      outcomes.add(refused)
      expect(outcome).toEqual(refused ? expect.any(VmrunError) : expect.objectContaining({path}))
    }),
    {numRuns: 500},
  )
  expect(outcomes).toEqual(new Set([true, false]))
  expect((await openFiles(process.pid)).filter(file => file.startsWith(directory))).toEqual([])
})

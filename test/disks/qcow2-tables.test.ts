import {open, stat, truncate} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openBaseImage, readBaseImage} from '../../src/disks/base-image.js'
import {guestImage} from '../guest-image.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, madeImage} from './made-image.js'
import {firstL2, l1EntriesField, l1OffsetField, numberAt, patch} from './patched-image.js'

/** An image that holds something, converted with these options. */
async function converted(...options: readonly string[]): Promise<string> {
  const image = join(await temporaryDirectory(), 'image.qcow2')
  await called('qemu-img', 'convert', '-O', 'qcow2', ...options, await guestImage('linux-x86_64'), image)
  return image
}

test.each([
  ['as qemu-img makes it', []],
  ['with compressed clusters', ['-c']],
  ['with clusters compressed by zstd', ['-c', '-o', 'compression_type=zstd']],
  ['with compressed clusters that are small', ['-c', '-o', 'cluster_size=4k']],
  ['with compressed clusters that are large', ['-c', '-o', 'cluster_size=2M']],
  ['with extended entries', ['-o', 'extended_l2=on,cluster_size=128k']],
  ['of the smallest clusters', ['-o', 'cluster_size=512']],
  ['that is old', ['-o', 'compat=0.10']],
])('an image %s is sound, and is not once it is cut anywhere', async (_, options) => {
  const image = await converted(...options)
  expect(await readBaseImage(image)).toMatchObject({path: image})
  const {size} = await stat(image)
  for (const part of [0.99, 0.5, 0.1]) {
    await truncate(image, Math.floor(size * part))
    await expect(readBaseImage(image)).rejects.toMatchObject({
      message: expect.stringMatching(/ is truncated: its tables lead beyond its end, at \d+ bytes$/u),
      hint: 'Copy or download it again.',
    })
  }
})

test.each([
  ['metadata', 'an image whose tables are all there'],
  ['full', 'an image whose space is all there'],
  ['falloc', 'an image whose space is reserved'],
])('preallocation=%s: %s is sound', async preallocation => {
  const image = await madeImage('64M', '-o', `preallocation=${preallocation}`)
  expect(await readBaseImage(image)).toMatchObject({path: image})
})

test('an image that was shrunk is sound', async () => {
  const image = await madeImage('2G')
  await called('qemu-io', '-f', 'qcow2', '-c', 'write 0 1M', '-c', 'write 1G 1M', image)
  await called('qemu-img', 'resize', '-q', '-f', 'qcow2', '--shrink', image, '1G')
  expect(await readBaseImage(image)).toMatchObject({virtualSize: 1024 ** 3})
})

test('what its tables hold beyond the end of the guest’s disk is not followed, as QEMU does not', async () => {
  const image = await madeImage('16M')
  await patch(image, l1EntriesField, {value: 2, width: 4})
  const second = Number(await numberAt(image, l1OffsetField)) + 8
  await patch(image, second, {value: 1n << 40n, width: 8})
  expect(await readBaseImage(image)).toMatchObject({path: image})
  // The same in the part that is in use.
  await patch(image, second - 8, {value: 1n << 40n, width: 8})
  await expect(readBaseImage(image)).rejects.toThrow(' is truncated: ')
})

test('an image with more tables than anybody needs is refused for that, and nobody waits', async () => {
  const image = await madeImage('16M')
  const entries = 2 ** 20
  const clusterSize = 2 ** 16
  const sizeField = 24
  // L1 at the end of the file, each entry another table, in what is a hole.
  const start = 2 ** 20
  await patch(image, sizeField, {
    value: BigInt(entries) * BigInt(clusterSize) * BigInt(clusterSize / 8),
    width: 8,
  })
  await patch(image, l1EntriesField, {value: entries, width: 4})
  await patch(image, l1OffsetField, {value: BigInt(start), width: 8})
  const table = Buffer.alloc(entries * 8)
  for (let index = 0; index < entries; index += 1) {
    table.writeBigUInt64BE((1n << 63n) | BigInt(start + entries * 8 + index * clusterSize), index * 8)
  }
  const file = await open(image, 'r+')
  await file.write(table, 0, table.length, start)
  await file.truncate(start + table.length + entries * clusterSize)
  await file.close()
  await expect(readBaseImage(image)).rejects.toMatchObject({
    fault: 'unusable',
    message: expect.stringMatching(/ has more tables than vmrun looks at$/u),
    hint: expect.stringContaining('qemu-img convert'),
  })
})

test('an image whose tables cannot be looked at in time is given up', async () => {
  await expect(openBaseImage(await madeImage('16M'), [], AbortSignal.abort())).rejects.toMatchObject({
    fault: 'unreadable',
    message: expect.stringContaining(' has more tables than can be looked at in the time that there is'),
    hint: expect.stringContaining('qemu-img info'),
  })
})

test('an image whose table lies beyond its end is truncated', async () => {
  const image = await madeImage('16M')
  await truncate(image, Number(await numberAt(image, l1OffsetField)))
  await expect(readBaseImage(image)).rejects.toThrow(/ is truncated: its tables lead beyond its end/u)
})

test.each([
  ['a table', async (image: string) => Number(await numberAt(image, l1OffsetField))],
  ['a cluster', firstL2],
])('an image of which %s begins amid a cluster is damaged', async (_, placeOf) => {
  const image = await madeImage('16M')
  await called('qemu-io', '-f', 'qcow2', '-c', 'write 0 64k', image)
  const place = await placeOf(image)
  await patch(image, place, {value: (await numberAt(image, place)) + 0x200n, width: 8})
  await expect(readBaseImage(image)).rejects.toMatchObject({
    message: expect.stringContaining(
      ' is damaged: one of its tables leads to a place where no cluster begins',
    ),
    hint: expect.stringContaining('qemu-img check'),
  })
})

test('what the tables of an image with a data file lead to is not looked for in the image', async () => {
  const image = await madeImage('16M', '-o', 'data_file=data.raw')
  const dataFile = join(image, '..', 'data.raw')
  const options = `driver=qcow2,file.filename=${image},data-file.driver=file,data-file.filename=${dataFile}`
  await called('qemu-io', '--image-opts', '-c', 'write 8M 64k', options)
  expect(await readBaseImage(image, [dataFile])).toMatchObject({top: {dataFile: {path: dataFile}}})
})

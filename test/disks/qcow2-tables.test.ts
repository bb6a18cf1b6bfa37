import {open, readFile, stat, truncate} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openBaseImage, readBaseImage} from '../../src/disks/base-image.js'
import {field} from '../../src/disks/qcow2.js'
import {firstSector} from '../../src/disks/qcow2-tables.js'
import {guestImage} from '../guest-image.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, madeImage, numberAt, patch} from './made-image.js'

/** A guest's image, converted with these options. */
async function converted(guest: Parameters<typeof guestImage>[0], ...options: readonly string[]) {
  const image = join(await temporaryDirectory(), 'image.qcow2')
  await called('qemu-img', 'convert', '-O', 'qcow2', ...options, await guestImage(guest), image)
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
  const image = await converted('linux-x86_64', ...options)
  expect(await readBaseImage(image)).toMatchObject({path: image})
  const {size} = await stat(image)
  for (const part of [0.99, 0.5, 0.1]) {
    await truncate(image, Math.floor(size * part))
    await expect(readBaseImage(image)).rejects.toMatchObject({
      message: expect.stringMatching(/ is truncated: its tables lead beyond its end, at \d+ bytes$/u),
      hint: 'Copy or download it again.',
    })
  }

  // Its tables are not read for that.
  expect(await readBaseImage(image, {tables: false})).toMatchObject({path: image})
})

test.each(['metadata', 'full', 'falloc'])('an image whose space is reserved is sound: %s', async how => {
  const image = await madeImage('64M', '-o', `preallocation=${how}`)
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
  await patch(image, field.l1Entries, {value: 2, width: 4})
  const second = Number(await numberAt(image, field.l1Offset)) + 8
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
  // L1 at the end of the file, each entry another table, in what is a hole.
  const start = 2 ** 20
  const virtualSize = BigInt(entries) * BigInt(clusterSize) * BigInt(clusterSize / 8)
  await patch(image, field.virtualSize, {value: virtualSize, width: 8})
  await patch(image, field.l1Entries, {value: entries, width: 4})
  await patch(image, field.l1Offset, {value: start, width: 8})
  const table = Buffer.alloc(entries * 8)
  for (let index = 0; index < entries; index += 1) {
    table.writeBigUInt64BE((1n << 63n) | BigInt(start + entries * 8 + index * clusterSize), index * 8)
  }
  const file = await open(image, 'r+')
  await file.write(table, 0, table.length, start)
  await file.truncate(start + table.length + entries * clusterSize)
  await file.close()
  await expect(readBaseImage(image)).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringMatching(/ has more tables than vmrun looks at$/u),
    hint: expect.stringContaining('qemu-img convert'),
  })
})

test('a look at the tables of an image is given up', async () => {
  const image = await madeImage('16M')
  await called('qemu-io', '-f', 'qcow2', '-c', 'write 0 64k', image)
  await expect(openBaseImage(image, {signal: AbortSignal.abort()})).rejects.toMatchObject({
    name: 'HostError',
    message: expect.stringContaining(`the image ${image} cannot be read: `),
  })
})

test('what the tables of an image with a data file lead to is not looked for in the image', async () => {
  const image = await madeImage('16M', '-o', 'data_file=data.raw')
  const dataFile = join(image, '..', 'data.raw')
  const options = `driver=qcow2,file.filename=${image},data-file.driver=file,data-file.filename=${dataFile}`
  await called('qemu-io', '--image-opts', '-c', 'write 8M 64k', options)
  expect(await readBaseImage(image, {allowed: [dataFile]})).toMatchObject({top: {dataFile: {path: dataFile}}})
})

async function sectorOf(image: string, ...allowed: readonly string[]): Promise<Buffer | undefined> {
  const {top, close} = await openBaseImage(image, {allowed})
  return await firstSector(top).finally(close)
}

test.each([
  ['as qemu-img makes it', []],
  ['of small clusters', ['-o', 'cluster_size=512']],
  ['that is old', ['-o', 'compat=0.10']],
])('the first sector of an image %s is what qemu-img reads', async (_, options) => {
  const image = await converted('nano', ...options)
  const sector = await sectorOf(image)
  const raw = join(await temporaryDirectory(), 'image.raw')
  const range = ['bs=512', 'count=1', `if=${image}`, `of=${raw}`]
  await called('qemu-img', 'dd', '-f', 'qcow2', '-O', 'raw', ...range)
  expect(sector).toEqual(await readFile(raw))
  expect(sector?.subarray(510)).toEqual(Buffer.from([0x55, 0xaa]))
})

test('an empty image has a sector of zeros; of a compressed one, or one with a backing file, nothing is said', async () => {
  expect(await sectorOf(await madeImage('16M'))).toEqual(Buffer.alloc(512))
  expect(await sectorOf(await converted('nano', '-c'))).toBeUndefined()
  const below = await madeImage('16M')
  expect(await sectorOf(await madeImage('16M', '-F', 'qcow2', '-b', below), below)).toBeUndefined()
})

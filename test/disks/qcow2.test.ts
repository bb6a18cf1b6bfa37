import {truncate} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {openImageFile} from '../../src/disks/image-file.js'
import {field, type Qcow2Image, readQcow2} from '../../src/disks/qcow2.js'
import {called, forgetBackingFormat, madeImage, patch, problemWith} from './made-image.js'

const mebi = 1024 ** 2

const made = (...options: readonly string[]): Promise<string> => madeImage('16M', ...options)

async function read(image: string): Promise<Qcow2Image> {
  const file = await openImageFile(image)
  return await readQcow2(file).finally(() => file.handle.close())
}

test.each<[string, readonly string[], Pick<Qcow2Image, 'backing' | 'dataFile'>]>([
  ['a plain image', [], {}],
  ['an old image', ['-o', 'compat=0.10'], {}],
  ['an image with extended entries', ['-o', 'extended_l2=on,lazy_refcounts=on'], {}],
  ['an image of the smallest clusters', ['-o', 'cluster_size=512'], {}],
  ['an image of the largest clusters', ['-o', 'cluster_size=2M'], {}],
  ['an image that is compressed by zstd', ['-o', 'compression_type=zstd'], {}],
  ['an image with a data file', ['-o', 'data_file=data.raw'], {dataFile: 'data.raw'}],
  ['one with a raw data file', ['-o', 'data_file=data.raw,data_file_raw=on'], {dataFile: 'data.raw'}],
  [
    'an image with a backing file',
    ['-u', '-F', 'raw', '-b', 'below/größe'],
    {backing: {name: 'below/größe', format: 'raw'}},
  ],
  [
    'an old image with a backing file',
    ['-o', 'compat=0.10', '-u', '-F', 'qcow2', '-b', '/below'],
    {backing: {name: '/below', format: 'qcow2'}},
  ],
])('what %s says is read', async (_, options, named) => {
  const {virtualSize, backing, dataFile} = await read(await made(...options))
  expect({virtualSize, backing, dataFile}).toEqual({virtualSize: 16 * mebi, ...named})
})

test('a backing file may be named without its format', async () => {
  const image = await made('-u', '-F', 'raw', '-b', '/below')
  await forgetBackingFormat(image)
  expect(await read(image)).toMatchObject({backing: {name: '/below', format: undefined}})
})

test.each(['1T', '8191T'])('the virtual size of an image of %s is what qemu-img says it is', async size => {
  const image = await made('-o', 'cluster_size=2M')
  await called('qemu-img', 'resize', '-q', '-f', 'qcow2', image, size)
  const {virtualSize} = await read(image)
  const info = JSON.parse(await called('qemu-img', 'info', '--output=json', image))
  expect(virtualSize).toBe(info['virtual-size'])
  expect(virtualSize).toBeGreaterThanOrEqual(1024 ** 4)
})

// qemu-img measures the host for LUKS, and refuses where that is loaded.
test.each([
  ['AES', 'compat=0.10,encrypt.format=aes,encrypt.key-secret=key'],
  ['LUKS', 'encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10'],
])('an image that is encrypted by %s is refused', {retry: 5}, async (_, options) => {
  const image = await made('--object', 'secret,id=key,data=secret', '-o', options)
  expect(await problemWith(image, read)).toBe(
    'the image IMAGE is encrypted (' +
      'Decrypt it: qemu-img convert --object secret,id=key,file=FILE-WITH-ITS-PASSWORD ' +
      '--image-opts driver=qcow2,encrypt.key-secret=key,file.filename=IMAGE -O qcow2 NEW-IMAGE)',
  )
})

test('an image that was not closed is fine; one that is marked as corrupt is refused, with how to repair a copy', async () => {
  const image = await made('-o', 'lazy_refcounts=on')
  await patch(image, field.incompatibleFeatures, {value: 1, width: 8})
  expect(await read(image)).toMatchObject({virtualSize: 16 * mebi})
  await patch(image, field.incompatibleFeatures, {value: 2, width: 8})
  expect(await problemWith(image, read)).toBe(
    'the image IMAGE is marked as corrupt (Repair a copy of it, and see whether the guest still boots: ' +
      'qemu-img check -f qcow2 -r all COPY)',
  )
  await called('qemu-img', 'check', '-q', '-f', 'qcow2', '-r', 'all', image)
  expect(await read(image)).toMatchObject({virtualSize: 16 * mebi})
})

test.each([
  ['version', {value: 4, width: 4}],
  ['incompatibleFeatures', {value: 0x8000_0000_0000_0020n, width: 8}],
  ['compressionType', {value: 2 ** 25, width: 4}],
  ['encryption', {value: 3, width: 4}],
] as const)('an image of a newer QEMU is refused, known by its %s', async (name, change) => {
  const image = await made('-o', 'compression_type=zstd')
  await patch(image, field[name], change)
  expect(await problemWith(image, read)).toBe(
    'the image IMAGE was made by a newer QEMU: it uses features that are not known ' +
      '(Convert it with that QEMU: qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE)',
  )
})

test.each([
  ['too small clusters', field.clusterBits, {value: 8, width: 4}],
  ['huge clusters', field.clusterBits, {value: 63, width: 4}],
  ['a huge disk', field.virtualSize, {value: 2n ** 62n, width: 8}],
  ['a disk larger than its table', field.virtualSize, {value: 2n ** 50n, width: 8}],
  ['a table of no entries', field.l1Entries, {value: 0, width: 4}],
  ['a huge table', field.l1Entries, {value: 0xff_ff_ff_ff, width: 4}],
  ['an endless name of a backing file', field.backingLength, {value: 2 ** 31, width: 4}],
  ['a name that lies far away', field.backingOffset, {value: 2n ** 63n, width: 8}],
  ['an extension of its header without end', 112 + 4, {value: 0xff_ff_ff_ff, width: 4}],
  ['too short a header', field.headerLength, {value: 72, width: 4}],
  ['too long a header', field.headerLength, {value: 2 ** 31, width: 4}],
] as const)('an image that claims %s is damaged', async (_, offset, change) => {
  const image = await made('-u', '-F', 'raw', '-b', '/below')
  await patch(image, offset, change)
  expect(await problemWith(image, read)).toBe(
    'the image IMAGE is damaged: its header makes no sense ' +
      '(Copy or download it again. qemu-img check -f qcow2 IMAGE tells more.)',
  )
})

test.each([8, 71])('an image that was cut to %d bytes is damaged', async length => {
  const image = await made()
  await truncate(image, length)
  expect(await problemWith(image, read)).toContain('is damaged: its header makes no sense (Copy or download')
})

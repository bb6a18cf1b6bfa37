import {truncate} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {openImageFile} from '../../src/disks/open-file.js'
import {type Qcow2Image, readQcow2} from '../../src/disks/qcow2.js'
import {VmrunError} from '../../src/errors/errors.js'
import {called, madeImage} from './made-image.js'
import {forgetBackingFormat, patch} from './patched-image.js'

const mebi = 1024 ** 2

const made = (...options: readonly string[]): Promise<string> => madeImage('16M', ...options)

async function read(image: string): Promise<Qcow2Image> {
  const file = await openImageFile(image)
  try {
    return await readQcow2(file)
  } finally {
    await file.handle.close()
  }
}

/** What is wrong with an image, and what to do about it. */
async function faultOf(image: string): Promise<string> {
  const error = await read(image).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VmrunError)
  return error instanceof VmrunError ? `${error.message} (${error.hint})`.replace(image, 'IMAGE') : ''
}

test.each<[string, readonly string[], object]>([
  ['a plain image', [], {}],
  ['an old image', ['-o', 'compat=0.10'], {}],
  ['an image with extended entries', ['-o', 'extended_l2=on,lazy_refcounts=on'], {}],
  ['an image of the smallest clusters', ['-o', 'cluster_size=512'], {}],
  ['an image of the largest clusters', ['-o', 'cluster_size=2M'], {}],
  ['an image that is compressed by zstd', ['-o', 'compression_type=zstd'], {}],
  ['an image with a data file', ['-o', 'data_file=data.raw'], {data: {name: 'data.raw'}}],
  [
    'an image with a raw data file',
    ['-o', 'data_file=data.raw,data_file_raw=on'],
    {data: {name: 'data.raw'}},
  ],
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
])('what %s says is read', async (_, options, names) => {
  expect(await read(await made(...options))).toEqual({virtualSize: 16 * mebi, names})
})

test('a backing file may be named without its format', async () => {
  const image = await made('-u', '-F', 'raw', '-b', '/below')
  await forgetBackingFormat(image)
  expect((await read(image)).names).toEqual({backing: {name: '/below', format: undefined}})
})

test.each(['1T', '8191T'])('the virtual size of an image of %s is what qemu-img says it is', async size => {
  const image = await made('-o', 'cluster_size=2M')
  await called('qemu-img', 'resize', '-q', '-f', 'qcow2', image, size)
  const {virtualSize} = await read(image)
  expect(virtualSize).toBe(
    JSON.parse(await called('qemu-img', 'info', '--output=json', image))['virtual-size'],
  )
  expect(virtualSize).toBeGreaterThanOrEqual(1024 ** 4)
})

test('an image that was not closed is fine', async () => {
  const image = await made('-o', 'lazy_refcounts=on')
  await patch(image, 72, {value: 1, width: 8})
  expect(await read(image)).toEqual({virtualSize: 16 * mebi, names: {}})
})

describe('an encrypted image', () => {
  const decrypt =
    'Decrypt it: qemu-img convert --object secret,id=key,file=FILE-WITH-ITS-PASSWORD ' +
    '--image-opts driver=qcow2,encrypt.key-secret=key,file.filename=IMAGE -O qcow2 NEW-IMAGE'
  const secret = ['--object', 'secret,id=key,data=secret']

  test('is refused when it is an old one', async () => {
    const image = await made(...secret, '-o', 'compat=0.10,encrypt.format=aes,encrypt.key-secret=key')
    expect(await faultOf(image)).toBe(`the image IMAGE is encrypted by AES (${decrypt})`)
  })

  // qemu-img measures the host for it, and refuses where that is loaded.
  test('is refused when it is encrypted by LUKS', {retry: 5}, async () => {
    const image = await made(
      ...secret,
      ...['-o', 'encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10'],
    )
    expect(await faultOf(image)).toBe(`the image IMAGE is encrypted by LUKS (${decrypt})`)
  })
})

test('an image that is marked as corrupt is refused, and the error says how to repair a copy', async () => {
  const image = await made()
  await patch(image, 72, {value: 2, width: 8})
  expect(await faultOf(image)).toBe(
    'the image IMAGE is marked as corrupt (Repair a copy of it, and see whether the guest still boots: ' +
      'qemu-img check -f qcow2 -r all COPY)',
  )
  await called('qemu-img', 'check', '-q', '-f', 'qcow2', '-r', 'all', image)
  expect(await read(image)).toMatchObject({virtualSize: 16 * mebi})
})

test.each([
  ['a version', 4, {value: 4, width: 4}, 'it is of version 4 of the format'],
  [
    'an incompatible feature',
    72,
    {value: 0x8000_0000_0000_0020n, width: 8},
    'it uses the incompatible features 0x8000000000000020',
  ],
  [
    'a way to compress',
    104,
    {value: 0x02_00_00_00, width: 4},
    'it is compressed in a way (2) that is not known',
  ],
  ['a way to encrypt', 32, {value: 3, width: 4}, 'it is encrypted in a way (3) that is not known'],
] as const)('an image with %s of a newer QEMU is refused', async (_, offset, change, why) => {
  const image = await made('-o', 'compression_type=zstd')
  await patch(image, offset, change)
  expect(await faultOf(image)).toBe(
    `the image IMAGE was made by a newer QEMU: ${why} ` +
      '(Convert it with that QEMU: qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE)',
  )
})

test.each([
  ['too small clusters', 20, {value: 8, width: 4}, 'it claims clusters of 2^8 bytes'],
  ['huge clusters', 20, {value: 63, width: 4}, 'it claims clusters of 2^63 bytes'],
  ['a huge disk', 24, {value: 2n ** 62n, width: 8}, 'it claims to hold 4611686018427387904 bytes'],
  ['a disk larger than its table', 24, {value: 2n ** 50n, width: 8}, 'its L1 table of 1 entries'],
  ['a table of no entries', 36, {value: 0, width: 4}, 'its L1 table of 0 entries'],
  ['a huge table', 36, {value: 0xff_ff_ff_ff, width: 4}, 'its L1 table of 4294967295 entries'],
  ['a table amid a cluster', 40, {value: 0x2_00, width: 8}, 'a table of it does not begin with a cluster'],
  ['no reference counts', 56, {value: 0, width: 4}, 'its reference counts make no sense'],
  ['too many reference counts', 56, {value: 1 << 30, width: 4}, 'its reference counts make no sense'],
  ['too wide reference counts', 96, {value: 7, width: 4}, 'its reference counts make no sense'],
  [
    'an endless name of a backing file',
    16,
    {value: 1024, width: 4},
    'the name of its backing file has 1024 bytes',
  ],
  ['too short a header', 100, {value: 72, width: 4}, 'it claims a header of 72 bytes'],
  ['too long a header', 100, {value: 2 ** 31, width: 4}, 'it claims a header of 2147483648 bytes'],
] as const)('an image that claims %s is refused', async (_, offset, change, what) => {
  const image = await made()
  await patch(image, offset, change)
  expect(await faultOf(image)).toContain(`the image IMAGE is damaged: ${what}`)
})

test.each([
  ['its backing file’s name lies far away', 8, {value: 2n ** 63n, width: 8}],
  ['an extension of its header goes on for ever', 112 + 4, {value: 0xff_ff_ff_ff, width: 4}],
] as const)('an image is refused when %s', async (_, offset, change) => {
  const image = await made('-u', '-F', 'raw', '-b', '/below')
  await patch(image, offset, change)
  expect(await faultOf(image)).toContain('a part of its header goes beyond the first cluster')
})

test.each([8, 71, 103])('an image that was cut to %d bytes is truncated', async length => {
  const image = await made()
  await truncate(image, length)
  expect(await faultOf(image)).toBe(
    'the image IMAGE is truncated: its header is cut off (Copy or download it again.)',
  )
})

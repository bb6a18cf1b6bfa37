import {execFile} from 'node:child_process'
import {mkdir, truncate, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {HostError} from '../../src/errors.js'
import {readQcow2Header} from '../../src/qemu/qcow2.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {madeImage} from './made-image.js'

const run = promisify(execFile)
const mebi = 1024 ** 2

const made = (...options: readonly string[]): Promise<string> => madeImage('16M', ...options)

const standsAlone = {virtualSize: 16 * mebi, readsOtherFiles: false, encrypted: false}

test.each<[string, readonly string[], object]>([
  ['a plain image', [], standsAlone],
  ['an old image', ['-o', 'compat=0.10'], standsAlone],
  ['an image with extended entries', ['-o', 'extended_l2=on,lazy_refcounts=on'], standsAlone],
  ['an image with a data file', ['-o', 'data_file=data.raw'], {...standsAlone, readsOtherFiles: true}],
  [
    'an image with a raw data file',
    ['-o', 'data_file=data.raw,data_file_raw=on'],
    {...standsAlone, readsOtherFiles: true},
  ],
  [
    'an old encrypted image',
    [
      ...['--object', 'secret,id=key,data=secret'],
      ...['-o', 'compat=0.10,encrypt.format=aes,encrypt.key-secret=key'],
    ],
    {...standsAlone, encrypted: true},
  ],
])('the header of %s is read', async (_, options, header) => {
  expect(await readQcow2Header(await made(...options))).toEqual(header)
})

// qemu-img measures the host for it, and refuses where that is loaded.
test('the header of an image encrypted by LUKS is read', {retry: 5}, async () => {
  const image = await made(
    ...['--object', 'secret,id=key,data=secret'],
    ...['-o', 'encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10'],
  )
  expect(await readQcow2Header(image)).toEqual({...standsAlone, encrypted: true})
})

test.each(['1.1', '0.10'])('an image of compat %s with a backing file reads other files', async compat => {
  const image = await made('-o', `compat=${compat}`, '-F', 'qcow2', '-b', await made())
  expect(await readQcow2Header(image)).toEqual({...standsAlone, readsOtherFiles: true})
})

test.each(['1T', '8191T'])('the virtual size of an image of %s is what qemu-img says it is', async size => {
  const image = await made('-o', 'cluster_size=2M')
  await run('qemu-img', ['resize', '-q', '-f', 'qcow2', image, size])
  const {stdout} = await run('qemu-img', ['info', '--output=json', image])
  const {virtualSize} = await readQcow2Header(image)
  expect(virtualSize).toBe(JSON.parse(stdout)['virtual-size'])
  expect(virtualSize).toBeGreaterThanOrEqual(1024 ** 4)
})

describe('what is no qcow2 image is refused for what it is:', () => {
  async function messageOf(image: string): Promise<string> {
    const error = await readQcow2Header(image).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HostError)
    return error instanceof HostError ? `${error.message} (${error.hint})`.replace(image, 'IMAGE') : ''
  }

  const notQcow2 = 'the image IMAGE is not qcow2 (Convert it: qemu-img convert -O qcow2 IMAGE NEW-IMAGE)'

  test.each(['raw', 'vmdk', 'vdi', 'qcow'])('a %s image', async format => {
    const image = join(await temporaryDirectory(), 'image')
    await run('qemu-img', ['create', '-q', '-f', format, image, '16M'])
    expect(await messageOf(image)).toBe(notQcow2)
  })

  test.each([0, 3, 4, 71])('an image that was cut to %d bytes', async length => {
    const image = await made()
    await truncate(image, length)
    expect(await messageOf(image)).toBe(notQcow2)
  })

  test('a text', async () => {
    const image = join(await temporaryDirectory(), 'image')
    await writeFile(image, '#!/bin/sh\n'.repeat(100))
    expect(await messageOf(image)).toBe(notQcow2)
  })

  test('a directory', async () => {
    const image = join(await temporaryDirectory(), 'image')
    await mkdir(image)
    expect(await messageOf(image)).toBe('the image IMAGE is not a file (undefined)')
  })

  test('a FIFO, for which it does not wait', async () => {
    const image = join(await temporaryDirectory(), 'image')
    await run('mkfifo', [image])
    expect(await messageOf(image)).toBe('the image IMAGE is not a file (undefined)')
  }, 5000)

  test('a device', async () => {
    expect(await messageOf('/dev/zero')).toBe('the image IMAGE is not a file (undefined)')
  })

  test('a file that does not exist', async () => {
    const image = join(await temporaryDirectory(), 'image')
    expect(await messageOf(image)).toBe(
      'the image IMAGE does not exist (The path of an image is relative to the instances file.)',
    )
  })

  test('a file that cannot be read', async () => {
    const file = join(await temporaryDirectory(), 'file')
    await writeFile(file, '')
    expect(await messageOf(join(file, 'image'))).toMatch(/^the image .* cannot be read: ENOTDIR/u)
  })
})

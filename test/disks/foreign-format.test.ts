import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {readBaseImage} from '../../src/disks/base-image.js'
import {configDiskImage} from '../../src/disks/config/image.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, fileOf, madeImage, problemWith} from './made-image.js'

const problemOf = (image: string): Promise<string> => problemWith(image, readBaseImage)

test.each([
  ['vmdk', 'a VMware disk (vmdk)'],
  ['vdi', 'a VirtualBox disk (vdi)'],
  ['vhdx', 'a Hyper-V disk (vhdx)'],
  ['vpc', 'a Virtual PC disk (vhd)'],
])('a %s image is told apart, and can be converted as the error says', async (format, is) => {
  const directory = await temporaryDirectory()
  const image = join(directory, 'image')
  await called('qemu-img', 'create', '-q', '-f', format, image, '16M')
  expect(await problemOf(image)).toBe(
    `the image IMAGE is not qcow2: it looks like ${is} ` +
      `(Convert it: qemu-img convert -f ${format} -O qcow2 IMAGE NEW-IMAGE)`,
  )
  const converted = join(directory, 'new')
  await called('qemu-img', 'convert', '-f', format, '-O', 'qcow2', image, converted)
  expect(await readBaseImage(converted)).toMatchObject({path: converted})
})

test.each([
  ['version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n', 'a pointer of Git LFS'],
  ['<!DOCTYPE html>\n<html><head><title>Sign in</title>', 'an HTML page'],
  ['\r\n  <HTML lang="en">', 'an HTML page'],
  ['<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">', 'an HTML page'],
  ['{"message": "Not Found"}', 'JSON'],
  ['[\n  {"error": 404}\n]', 'JSON'],
])('what was saved in the place of an image is told apart: %j', async (content, what) => {
  expect(await problemOf(await fileOf(content))).toContain(`the image IMAGE is not qcow2 but ${what}, `)
})

test.each([
  ['gzip', 'gzip', 'gz', 'gzip -d IMAGE.gz'],
  ['xz', 'xz', 'xz', 'xz -d IMAGE.xz'],
  ['bzip2', 'bzip2', 'bz2', 'bzip2 -d IMAGE.bz2'],
])(
  'an image in a %s file is told apart, and can be unpacked as the error says',
  async (by, program, suffix, how) => {
    const image = await madeImage('1M')
    await called(program, image)
    expect(await problemOf(`${image}.${suffix}`)).toBe(
      `the image IMAGE is compressed with ${by} (Unpack it: ${how})`,
    )
    await called(program, '-d', `${image}.${suffix}`)
    expect(await readBaseImage(image)).toMatchObject({path: image})
  },
)

test.each<[string, string | Buffer, string]>([
  ['a zstd file', Buffer.from('28b52ffd', 'hex'), 'is compressed with zstd (Unpack it: zstd -d IMAGE.zst)'],
  [
    'a disk that is encrypted by LUKS',
    Buffer.from('LUKS\xba\xbe', 'latin1'),
    'is encrypted by LUKS (Decrypt it: qemu-img convert --object secret,id=key,file=FILE-WITH-ITS-PASSWORD ' +
      '--image-opts driver=luks,key-secret=key,file.filename=IMAGE -O qcow2 NEW-IMAGE)',
  ],
  ['a zip archive', 'PK\u0003\u0004', 'is a zip archive (Unpack it: unzip IMAGE.zip)'],
  ['a gzip file that is cut off', gzipSync('').subarray(0, 2), 'is compressed with gzip'],
  ['an empty file', '', 'is empty (Copy or download it again.)'],
  [
    'a raw disk, known by its partition table',
    Buffer.concat([Buffer.alloc(510), Buffer.from([0x55, 0xaa])]),
    'is not qcow2: it looks like a raw disk (Convert it: qemu-img convert -f raw -O qcow2 IMAGE NEW-IMAGE)',
  ],
  [
    'a text that is nothing known',
    '#!/bin/sh\n'.repeat(5000),
    'is not qcow2 (Convert it, naming its format: qemu-img convert -f raw -O qcow2 IMAGE NEW-IMAGE)',
  ],
  ...['<note>', '{ what', '[bracket', 'html', ''.padEnd(2000, '\t')].map((text): [string, string, string] => [
    'one that nearly is',
    text,
    'is not qcow2 (',
  ]),
])('%s is told apart', async (_, content, what) => {
  expect(await problemOf(await fileOf(content))).toContain(`the image IMAGE ${what}`)
})

test.each<[string, (image: string) => Promise<unknown>, string]>([
  [
    'a tar archive',
    image => called('tar', '-cf', image, '-C', '/etc', 'hostname'),
    'is a tar archive, as of an OVA (Unpack it: tar -xf IMAGE.tar)',
  ],
  [
    'a CD-ROM',
    image => writeFile(image, configDiskImage({}, {name: 'vm-1', config: {}}, new Date(0)).chunks),
    'is not qcow2: it looks like a CD-ROM (ISO 9660) (Convert it',
  ],
  [
    'a vmdk image that consists of several files',
    image => called('qemu-img', 'create', '-q', '-f', 'vmdk', '-o', 'subformat=monolithicFlat', image, '1M'),
    'is not qcow2: it looks like the description of a VMware disk (vmdk) (Convert it',
  ],
])('%s is told apart', async (_, make, what) => {
  const image = join(await temporaryDirectory(), 'image')
  await make(image)
  expect(await problemOf(image)).toContain(`the image IMAGE ${what}`)
})

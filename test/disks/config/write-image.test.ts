import {readFile, stat, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {configDiskImage} from '../../../src/disks/config/image.js'
import {sha256, writeImage} from '../../../src/disks/config/write-image.js'
import {sha256Of} from '../../sha256.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {bytesOf} from '../iso9660/written-image.js'

const image = configDiskImage({}, {name: 'vm-1', config: {text: 'x'.repeat(100_000)}}, new Date(0))

async function newFile(): Promise<string> {
  return join(await temporaryDirectory(), 'config.iso')
}

test('a file gets every byte of the image', async () => {
  const file = await newFile()
  await writeImage(image, file)
  expect(bytesOf(image).equals(await readFile(file))).toBe(true)
  expect((await stat(file)).size).toBe(image.size)
})

test.each([0o000, 0o022, 0o077])('its user alone may read it, with the umask %d', async mask => {
  const file = await newFile()
  const before = process.umask(mask)
  try {
    await writeImage(image, file)
  } finally {
    process.umask(before)
  }

  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a file that is there already stays as it is', async () => {
  const file = await newFile()
  await writeFile(file, 'precious')
  await expect(writeImage(image, file)).rejects.toThrow('EEXIST')
  expect(await readFile(file, 'utf8')).toBe('precious')
})

test('a link is not followed, not even one that leads nowhere', async () => {
  const file = await newFile()
  await symlink(`${file}.elsewhere`, file)
  await expect(writeImage(image, file)).rejects.toThrow('EEXIST')
  await expect(stat(`${file}.elsewhere`)).rejects.toThrow('ENOENT')
})

test('the checksum is that of the bytes', () => {
  expect(sha256(image)).toBe(sha256Of(bytesOf(image)))
})

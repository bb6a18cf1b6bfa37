import {execFileSync} from 'node:child_process'
import {chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {configDiskImage} from '../../../src/disks/config/image.js'
import {saveImage} from '../../../src/disks/config/write-image.js'
import type {IsoImage} from '../../../src/disks/iso9660/image.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {bytesOf} from '../iso9660/written-image.js'

const image = configDiskImage({}, {name: 'vm-1', config: {text: 'x'.repeat(100_000)}}, new Date(0))
const broken: IsoImage = {
  ...image,
  chunks: {
    *[Symbol.iterator]() {
      yield Buffer.alloc(2048)
      throw new Error('cut off')
    },
  },
}

/** A file in a directory of its own, with or without content. */
async function target(content?: string): Promise<{readonly directory: string; readonly file: string}> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'vm-1.iso')
  if (content !== undefined) {
    await writeFile(file, content)
  }

  return {directory, file}
}

/** Nothing else is left in its directory. */
async function expectSaved({directory, file}: Awaited<ReturnType<typeof target>>): Promise<void> {
  expect(bytesOf(image).equals(await readFile(file))).toBe(true)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(directory)).toEqual(['vm-1.iso'])
}

test.each([0o000, 0o022, 0o077])(
  'a new file gets every byte, and its user alone may read it, with the umask %d',
  async mask => {
    const saved = await target()
    const before = process.umask(mask)
    await saveImage(image, saved.file, {overwrite: false, inputs: []}).finally(() => process.umask(before))
    await expectSaved(saved)
  },
)

test('a saved image does not overwrite a file unless it is told to', async () => {
  const {directory, file} = await target('precious')
  await expect(saveImage(image, file, {overwrite: false, inputs: []})).rejects.toMatchObject({
    name: 'UsageError',
    message: `${file} exists already`,
    hint: expect.stringContaining('--force'),
  })
  expect(await readFile(file, 'utf8')).toBe('precious')
  expect(await readdir(directory)).toEqual(['vm-1.iso'])
})

test('a saved image replaces a file when it is told to, and is then its user’s alone', async () => {
  const saved = await target('old')
  await chmod(saved.file, 0o644)
  await saveImage(image, saved.file, {overwrite: true, inputs: []})
  await expectSaved(saved)
})

test.each([undefined, 'precious'])('when writing fails, what was there is still there: %s', async content => {
  const {directory, file} = await target(content)
  const options = {overwrite: content !== undefined, inputs: []}
  await expect(saveImage(broken, file, options)).rejects.toMatchObject({
    name: 'HostError',
    message: expect.stringContaining(`cannot write ${file}: `),
  })
  expect(await readdir(directory)).toEqual(content === undefined ? [] : ['vm-1.iso'])
  expect(await readFile(file, 'utf8').catch(() => undefined)).toBe(content)
})

test.each<[string, (file: string) => unknown]>([
  ['a directory', file => mkdir(file)],
  ['a FIFO, and waits for none', file => execFileSync('mkfifo', [file])],
  ['a link', file => symlink('/proc/nonexistent', file)],
])('a saved image replaces, and follows, nothing else than a file: %s', async (_, make) => {
  const {file} = await target()
  await make(file)
  const {ino} = await lstat(file)
  for (const overwrite of [false, true]) {
    await expect(saveImage(image, file, {overwrite, inputs: []})).rejects.toMatchObject({
      name: 'UsageError',
      message: `${file} exists already and is not a regular file`,
    })
  }

  expect((await lstat(file)).ino).toBe(ino)
})

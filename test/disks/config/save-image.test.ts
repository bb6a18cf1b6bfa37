import {execFileSync} from 'node:child_process'
import {chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {configDiskImage} from '../../../src/disks/config/image.js'
import {saveImage} from '../../../src/disks/config/save-image.js'
import type {IsoImage} from '../../../src/disks/iso9660/image.js'
import {HostError, UsageError} from '../../../src/errors/errors.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {bytesOf} from '../iso9660/written-image.js'

describe('an image that is saved', () => {
  const image = configDiskImage({}, {name: 'vm-1', config: {}}, new Date(0))
  const broken: IsoImage = {
    ...image,
    *chunks() {
      yield Buffer.alloc(2048)
      throw new Error('cut off')
    },
  }

  async function target(): Promise<{readonly directory: string; readonly file: string}> {
    const directory = await temporaryDirectory()
    return {directory, file: join(directory, 'vm-1.iso')}
  }

  test.each([false, true])(
    'is written to a new file, its user’s alone, and nothing else is left (overwriting: %s)',
    async overwrite => {
      const {directory, file} = await target()
      await saveImage(image, file, {overwrite, inputs: []})
      expect(bytesOf(image).equals(await readFile(file))).toBe(true)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect(await readdir(directory)).toEqual(['vm-1.iso'])
    },
  )

  test('does not overwrite a file unless it is told to', async () => {
    const {directory, file} = await target()
    await writeFile(file, 'precious')
    await expect(saveImage(image, file, {overwrite: false, inputs: []})).rejects.toMatchObject({
      name: 'UsageError',
      message: `${file} exists already`,
      hint: expect.stringContaining('--force'),
    })
    expect(await readFile(file, 'utf8')).toBe('precious')
    expect(await readdir(directory)).toEqual(['vm-1.iso'])
  })

  test('replaces a file when it is told to, and is then its user’s alone', async () => {
    const {directory, file} = await target()
    await writeFile(file, 'old')
    await chmod(file, 0o644)
    await saveImage(image, file, {overwrite: true, inputs: []})
    expect(bytesOf(image).equals(await readFile(file))).toBe(true)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['vm-1.iso'])
  })

  test('leaves the old file as it was when writing fails', async () => {
    const {directory, file} = await target()
    await writeFile(file, 'precious')
    await expect(saveImage(broken, file, {overwrite: true, inputs: []})).rejects.toThrow(HostError)
    expect(await readFile(file, 'utf8')).toBe('precious')
    expect(await readdir(directory)).toEqual(['vm-1.iso'])
  })

  test('leaves no part of itself when writing fails', async () => {
    const {directory, file} = await target()
    await expect(saveImage(broken, file, {overwrite: false, inputs: []})).rejects.toThrow(
      `cannot write ${file}: `,
    )
    expect(await readdir(directory)).toEqual([])
  })

  test('in a directory that is not there is an error', async () => {
    const error = await saveImage(image, '/proc/nonexistent/vm-1.iso', {overwrite: false, inputs: []}).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(HostError)
    expect(error).toMatchObject({
      message: 'cannot write /proc/nonexistent/vm-1.iso: its directory does not exist',
    })
  })

  test.each([false, true])('replaces no directory (overwriting: %s)', async overwrite => {
    const {file} = await target()
    await mkdir(file)
    await expect(saveImage(image, file, {overwrite, inputs: []})).rejects.toMatchObject({
      name: 'UsageError',
      message: `${file} exists already and is not a regular file`,
    })
  })

  test.each([false, true])('replaces no FIFO, and waits for none (overwriting: %s)', async overwrite => {
    const {file} = await target()
    execFileSync('mkfifo', [file])
    await expect(saveImage(image, file, {overwrite, inputs: []})).rejects.toThrow(
      `${file} exists already and is not a regular file`,
    )
    expect((await stat(file)).isFIFO()).toBe(true)
  })

  test.each([false, true])('neither follows nor replaces a link (overwriting: %s)', async overwrite => {
    const {directory, file} = await target()
    const elsewhere = join(directory, 'elsewhere')
    await writeFile(elsewhere, 'precious')
    await symlink(elsewhere, file)
    await expect(saveImage(image, file, {overwrite, inputs: []})).rejects.toThrow(UsageError)
    expect(await readlink(file)).toBe(elsewhere)
    expect(await readFile(elsewhere, 'utf8')).toBe('precious')
  })
})

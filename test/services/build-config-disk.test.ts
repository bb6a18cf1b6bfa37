import {execFileSync} from 'node:child_process'
import {chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {configDiskImage} from '../../src/config-disks/image.js'
import {HostError, UsageError} from '../../src/errors.js'
import type {IsoImage} from '../../src/iso9660/image.js'
import {builtIn} from '../../src/plugins/built-in.js'
import {Registry} from '../../src/plugins/registry.js'
import {buildConfigDisk, defaultImageFile, saveImage} from '../../src/services/build-config-disk.js'
import {openInstance} from '../../src/services/open-instance.js'
import {bytesOf, temporaryDirectory, written} from '../iso9660/written-image.js'
import {writtenInstances} from './written-instances.js'

const registry = new Registry([builtIn])

test('the config disk of an instance holds its config, placeholders resolved', async () => {
  const {file, directory} = await writtenInstances({
    config: {token: 'Bearer ${{ env:TOKEN }}', key: '${{ file:key.txt }}', literal: '$${{ x }}'},
  })
  await writeFile(join(directory, 'key.txt'), 'private\n')
  const opened = await openInstance(file, 'vm-1', registry)
  const image = await buildConfigDisk(opened, {TOKEN: 'secret'})
  const content = execFileSync('isoinfo', ['-i', await written(image), '-R', '-x', '/instance.json'])
  expect(JSON.parse(String(content))).toEqual({
    name: 'vm-1',
    config: {token: 'Bearer secret', key: 'private', literal: '${{ x }}'},
  })
})

test('the same input gives the same bytes, and SOURCE_DATE_EPOCH is honoured', async () => {
  const opened = await openInstance((await writtenInstances({})).file, 'vm-1', registry)
  const bytes = async (environment: NodeJS.ProcessEnv) => bytesOf(await buildConfigDisk(opened, environment))
  expect((await bytes({})).equals(await bytes({}))).toBe(true)
  expect((await bytes({})).equals(await bytes({SOURCE_DATE_EPOCH: '0'}))).toBe(true)
  expect((await bytes({})).equals(await bytes({SOURCE_DATE_EPOCH: '1700000000'}))).toBe(false)
})

test.each([
  [
    'a variable that is not set',
    {config: {a: [{token: '${{ env:TOKEN }}'}]}},
    {},
    'vm-1: config.a[0].token: ',
  ],
  ['a file that is not there', {config: {key: '${{ file:gone }}'}}, {}, 'vm-1: config.key: '],
  ['a date that is none', {}, {SOURCE_DATE_EPOCH: 'now'}, 'SOURCE_DATE_EPOCH must be'],
])('%s is the user’s error, and says where', async (_, entry, environment, message) => {
  const opened = await openInstance((await writtenInstances(entry)).file, 'vm-1', registry)
  const built = buildConfigDisk(opened, environment)
  await expect(built).rejects.toThrow(UsageError)
  await expect(built).rejects.toThrow(message)
})

describe('the file that nobody names', () => {
  test.each(['vm-1', 'zwölf', '..', '-x'])('is called after the instance: %s', name => {
    expect(defaultImageFile(name)).toBe(`${name}.iso`)
  })

  test.each(['a/b', '/etc/passwd', '../vm'])('is in no other directory: %s', name => {
    expect(() => defaultImageFile(name)).toThrow(UsageError)
  })
})

describe('an image that is saved', () => {
  const image = configDiskImage('vm-1', {}, new Date(0))
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
      await saveImage(image, file, overwrite)
      expect(bytesOf(image).equals(await readFile(file))).toBe(true)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect(await readdir(directory)).toEqual(['vm-1.iso'])
    },
  )

  test('does not overwrite a file unless it is told to', async () => {
    const {directory, file} = await target()
    await writeFile(file, 'precious')
    await expect(saveImage(image, file, false)).rejects.toMatchObject({
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
    await saveImage(image, file, true)
    expect(bytesOf(image).equals(await readFile(file))).toBe(true)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['vm-1.iso'])
  })

  test('leaves the old file as it was when writing fails', async () => {
    const {directory, file} = await target()
    await writeFile(file, 'precious')
    await expect(saveImage(broken, file, true)).rejects.toThrow(HostError)
    expect(await readFile(file, 'utf8')).toBe('precious')
    expect(await readdir(directory)).toEqual(['vm-1.iso'])
  })

  test('leaves no part of itself when writing fails', async () => {
    const {directory, file} = await target()
    await expect(saveImage(broken, file, false)).rejects.toThrow(`cannot write ${file}: `)
    expect(await readdir(directory)).toEqual([])
  })

  test('in a directory that is not there is an error', async () => {
    const error = await saveImage(image, '/nonexistent/vm-1.iso', false).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HostError)
    expect(error).toMatchObject({message: 'cannot write /nonexistent/vm-1.iso: its directory does not exist'})
  })

  test.each([false, true])('replaces no directory (overwriting: %s)', async overwrite => {
    const {file} = await target()
    await mkdir(file)
    await expect(saveImage(image, file, overwrite)).rejects.toMatchObject({
      name: 'UsageError',
      message: `${file} exists already and is not a regular file`,
    })
  })

  test.each([false, true])('replaces no FIFO, and waits for none (overwriting: %s)', async overwrite => {
    const {file} = await target()
    execFileSync('mkfifo', [file])
    await expect(saveImage(image, file, overwrite)).rejects.toThrow(
      `${file} exists already and is not a regular file`,
    )
    expect((await stat(file)).isFIFO()).toBe(true)
  })

  test.each([false, true])('neither follows nor replaces a link (overwriting: %s)', async overwrite => {
    const {directory, file} = await target()
    const elsewhere = join(directory, 'elsewhere')
    await writeFile(elsewhere, 'precious')
    await symlink(elsewhere, file)
    await expect(saveImage(image, file, overwrite)).rejects.toThrow(UsageError)
    expect(await readlink(file)).toBe(elsewhere)
    expect(await readFile(elsewhere, 'utf8')).toBe('precious')
  })
})

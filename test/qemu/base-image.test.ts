import {expect, test} from 'vitest'
import {HostError} from '../../src/errors.js'
import {overlaySize, readBaseImage} from '../../src/qemu/base-image.js'
import {madeImage} from './made-image.js'

const gibi = 1024 ** 3

const made = (...options: readonly string[]): Promise<string> => madeImage('1G', ...options)

test('an image that stands alone may be a base', async () => {
  const path = await made()
  expect(await readBaseImage(path)).toEqual({path, virtualSize: gibi})
})

test.each([
  ['another image', async () => ['-F', 'qcow2', '-b', await made()]],
  ['a file of the host', async () => ['-F', 'raw', '-b', '/etc/hostname']],
  ['a file that is not there', async () => ['-u', '-F', 'raw', '-b', '/nonexistent']],
  ['an external data file', async () => ['-o', 'data_file=data.raw']],
])('an image that reads %s is refused, and the error says how to make it stand alone', async (_, options) => {
  const path = await made(...(await options()))
  const error = await readBaseImage(path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({
    message: `the image ${path} reads other files of the host (a backing file or an external data file)`,
    hint: expect.stringContaining('qemu-img convert'),
  })
})

test('an encrypted image is refused', async () => {
  const path = await made(
    ...['--object', 'secret,id=key,data=secret'],
    ...['-o', 'compat=0.10,encrypt.format=aes,encrypt.key-secret=key'],
  )
  await expect(readBaseImage(path)).rejects.toThrow(`the image ${path} is encrypted`)
})

const base = {path: '/base.qcow2', virtualSize: gibi}

test.each([
  ['none', undefined, gibi],
  ['the same', {text: '1G', bytes: gibi}, gibi],
  ['a larger one', {text: '80G', bytes: 80 * gibi}, 80 * gibi],
])('when %s is asked for, the size of the overlay fits', (_, rootDisk, size) => {
  expect(overlaySize(base, rootDisk)).toBe(size)
})

test('a root-disk smaller than the image is refused, with both sizes', () => {
  expect(() => overlaySize(base, {text: '1048575K', bytes: gibi - 1024})).toThrow(
    expect.objectContaining({
      name: 'HostError',
      message:
        'root-disk 1048575K (1073740800 bytes) is smaller than the image /base.qcow2 (1073741824 bytes)',
      hint: expect.stringContaining('leave it out'),
    }),
  )
})

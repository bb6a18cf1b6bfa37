import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openImageFile, readBytes} from '../../src/disks/image-file.js'
import {openFiles} from '../open-files.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, fileOf, problemWith} from './made-image.js'

test('a file is opened to be read, and for nothing else; what is read ends with it', async () => {
  const file = await openImageFile(await fileOf('bytes'))
  expect((await readBytes(file, 1, 3)).toString()).toBe('yte')
  expect((await readBytes(file, 3, 100)).toString()).toBe('es')
  expect(await readBytes(file, 100, 100)).toHaveLength(0)
  await expect(file.handle.write('other')).rejects.toThrow('EBADF')
  await file.handle.close()
})

test.each<[string, (path: string) => unknown, string]>([
  ['a directory', mkdir, 'is a directory, not a file (undefined)'],
  ['a FIFO, which is not waited for', path => called('mkfifo', path), 'is a pipe, not a file (undefined)'],
  ['a device', path => called('ln', '-s', '/dev/zero', path), 'is a device, not a file (undefined)'],
  [
    'nothing',
    () => undefined,
    'does not exist (The path of an image is relative to the instances file, or to the working directory where that is standard input.)',
  ],
])(
  '%s is no file, and is not left open',
  async (_, make, what) => {
    const path = join(await temporaryDirectory(), 'image')
    await make(path)
    expect(await problemWith(path, openImageFile)).toBe(`the image IMAGE ${what}`)
    expect(await openFiles(process.pid)).not.toContain(path)
  },
  5000,
)

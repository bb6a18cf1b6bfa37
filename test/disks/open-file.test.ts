import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openImageFile, readBytes} from '../../src/disks/open-file.js'
import {VmrunError} from '../../src/errors/errors.js'
import {openFiles} from '../open-files.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called} from './made-image.js'

async function faultOf(path: string): Promise<string> {
  const error = await openImageFile(path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VmrunError)
  return error instanceof VmrunError ? `${error.message} (${error.hint})`.replace(path, 'IMAGE') : ''
}

test('a file is opened to be read, and for nothing else', async () => {
  const path = join(await temporaryDirectory(), 'file')
  await writeFile(path, 'bytes')
  const file = await openImageFile(path)
  expect((await readBytes(file, 1, 3)).toString()).toBe('yte')
  await expect(file.handle.write('other')).rejects.toThrow('EBADF')
  await file.handle.close()
})

test('what is read ends with the file', async () => {
  const path = join(await temporaryDirectory(), 'file')
  await writeFile(path, 'bytes')
  const file = await openImageFile(path)
  expect((await readBytes(file, 3, 100)).toString()).toBe('es')
  expect(await readBytes(file, 100, 100)).toHaveLength(0)
  await file.handle.close()
})

test('a directory is no file, and is not left open', async () => {
  const path = join(await temporaryDirectory(), 'directory')
  await mkdir(path)
  expect(await faultOf(path)).toBe('the image IMAGE is a directory, not a file (undefined)')
  expect(await openFiles(process.pid)).not.toContain(path)
})

test('a FIFO is no file, and is not waited for', async () => {
  const path = join(await temporaryDirectory(), 'fifo')
  await called('mkfifo', path)
  expect(await faultOf(path)).toBe('the image IMAGE is a pipe, not a file (undefined)')
}, 5000)

test('a device is no file', async () => {
  expect(await faultOf('/dev/zero')).toBe('the image IMAGE is a device, not a file (undefined)')
})

test('a file that does not exist is told with what its path is relative to', async () => {
  expect(await faultOf(join(await temporaryDirectory(), 'gone'))).toBe(
    'the image IMAGE does not exist (The path of an image is relative to the instances file, or to the working directory where that is standard input.)',
  )
})

test('a file cannot be behind another file', async () => {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, '')
  expect(await faultOf(join(file, 'image'))).toMatch(
    /^the image .* does not exist: a part of its path is not a directory/u,
  )
})

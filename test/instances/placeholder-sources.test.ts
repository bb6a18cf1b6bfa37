import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {UsageError} from '../../src/errors.js'
import {builtInPlaceholders} from '../../src/instances/placeholder-sources.js'
import {temporaryDirectory} from '../temporary-directory.js'

async function variable(name: string, env: Readonly<Record<string, string>>): Promise<string | undefined> {
  return await builtInPlaceholders({env, directory: '/'}).get('env')?.(name)
}

async function fileWith(content: string | Uint8Array): Promise<string | undefined> {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'f'), content)
  return await builtInPlaceholders({env: {}, directory}).get('file')?.('f')
}

test('env gives the value of a variable as it is, the empty one too', async () => {
  expect(await variable('A', {A: ' x\n'})).toBe(' x\n')
  expect(await variable('A', {A: ''})).toBe('')
})

test.each(['A', 'toString', '__proto__'])('the variable %s, which is not set, is an error', async name => {
  await expect(variable(name, {})).rejects.toThrow(
    new UsageError(`the environment variable ${name} is not set`),
  )
})

test.each([
  ['a\n', 'a'],
  ['a\r\n', 'a'],
  ['a\n\n', 'a\n'],
  ['\n', ''],
  ['a', 'a'],
  ['', ''],
  ['\na\nb', '\na\nb'],
  ['\ufeffé\r', '\ufeffé\r'],
])('file gives %j as %j: one trailing newline is dropped', async (content, text) => {
  expect(await fileWith(content)).toBe(text)
})

test('a file is found relative to the directory, and by an absolute path', async () => {
  const directory = await temporaryDirectory()
  const path = join(directory, 'f')
  await writeFile(path, 'x')
  expect(await builtInPlaceholders({env: {}, directory: '/nowhere'}).get('file')?.(path)).toBe('x')
})

test('a missing file and a directory are errors that name the path', async () => {
  const directory = await temporaryDirectory()
  const file = builtInPlaceholders({env: {}, directory}).get('file')
  await expect(file?.('none')).rejects.toThrow(`the file ${join(directory, 'none')} does not exist`)
  await expect(file?.('.')).rejects.toThrow(`the file ${directory} is a directory, not a file`)
})

test('a file that is not UTF-8 is an error that shows none of it', async () => {
  await expect(fileWith(Buffer.from([0x73, 0x33, 0xff]))).rejects.toThrow(/f is not UTF-8 text$/u)
})

test('16 MiB are read, one byte more is an error, and a device without end is one too', async () => {
  expect(await fileWith(Buffer.alloc(2 ** 24, 'x'))).toHaveLength(2 ** 24)
  await expect(fileWith(Buffer.alloc(2 ** 24 + 1, 'x'))).rejects.toThrow(/f is larger than 16 MiB$/u)
  const file = builtInPlaceholders({env: {}, directory: '/dev'}).get('file')
  await expect(file?.('zero')).rejects.toThrow('the file /dev/zero is larger than 16 MiB')
})

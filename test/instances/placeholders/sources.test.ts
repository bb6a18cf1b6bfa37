import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {env, file} from '../../../src/instances/placeholders/sources.js'
import {releases} from '../../releases.js'
import {temporaryDirectory} from '../../temporary-directory.js'

async function textOf(path: string, directory: string): Promise<string> {
  return await file.resolve(path, {environment: {}, directory})
}

async function fileWith(content: string | Uint8Array): Promise<string> {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'f'), content)
  return await textOf('f', directory)
}

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

test('a missing file and a directory are errors that name the path', async () => {
  const directory = await temporaryDirectory()
  await expect(textOf('none', directory)).rejects.toThrow(
    `the file ${join(directory, 'none')} does not exist`,
  )
  await expect(textOf('.', directory)).rejects.toThrow(`the file ${directory}/. is a directory, not a file`)
})

test('a file that is not UTF-8 is an error that shows none of it', async () => {
  await expect(fileWith(Buffer.from([0x73, 0x33, 0xff]))).rejects.toThrow(/f is not UTF-8 text$/u)
})

test('16 MiB are read, one byte more is an error, and a device is one too', async () => {
  expect(await fileWith(Buffer.alloc(2 ** 24, 'x'))).toHaveLength(2 ** 24)
  await expect(fileWith(Buffer.alloc(2 ** 24 + 1, 'x'))).rejects.toThrow(/f is larger than 16 MiB$/u)
  await expect(textOf('zero', '/dev')).rejects.toThrow('the file /dev/zero is a device, not a file')
})

test('a file behind a link is the one that the kernel finds, and nothing is behind what is not there', async () => {
  const {root} = await releases()
  await writeFile(`${root}/releases/images/token`, 'right')
  await writeFile(`${root}/images/token`, 'wrong')
  expect(await textOf('../images/token', `${root}/current`)).toBe('right')
  await expect(textOf('nosuch/../images/token', root)).rejects.toThrow('does not exist')
})

async function variable(name: string, environment: NodeJS.ProcessEnv): Promise<string> {
  return await env.resolve(name, {environment, directory: '/'})
}

test('env gives the value of a variable as it is, the empty one too', async () => {
  expect(await variable('A', {A: ' x\n'})).toBe(' x\n')
  expect(await variable('A', {A: ''})).toBe('')
})

test.each(['A', 'toString', '__proto__'])('the variable %s, which is not set, is an error', async name => {
  await expect(variable(name, {})).rejects.toThrow(
    new HostError(`the environment variable ${name} is not set`),
  )
})

import {mkdir, readdir, readFile, stat, utimes, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {ProbeResult} from '../../../src/qemu/accelerator/probe.js'
import {ProbeCache, type ProbeQuestion} from '../../../src/qemu/accelerator/probe-cache.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const unsound: ProbeResult = {sound: false, reason: 'KVM internal error', certain: true}

interface Remembered {
  readonly directory: string
  readonly cache: ProbeCache
  readonly question: ProbeQuestion
}

/** A cache that holds one result, for a program of its own. */
async function remembered(result: ProbeResult = {sound: true}): Promise<Remembered> {
  const parent = await temporaryDirectory()
  const [directory, program] = [join(parent, 'cache', 'vmrun'), join(parent, 'qemu')]
  await writeFile(program, 'a program')
  const cache = new ProbeCache(directory)
  const question = {program, accelerator: 'kvm'}
  await cache.remember(question, result)
  return {directory, cache, question}
}

/** Its one file. */
async function fileOf({directory}: Remembered): Promise<string> {
  const [name, ...others] = await readdir(directory)
  expect(others).toEqual([])
  return join(directory, String(name))
}

test.each([{sound: true} as const, unsound])('what was found is remembered: %j', async result => {
  const {cache, question} = await remembered(result)
  expect(await cache.recall(question)).toEqual(result)
})

test('another process remembers it as well', async () => {
  const {directory, question} = await remembered()
  expect(await new ProbeCache(directory).recall(question)).toEqual({sound: true})
})

test('what was found last is remembered', async () => {
  const {cache, question} = await remembered()
  await cache.remember(question, unsound)
  expect(await cache.recall(question)).toEqual(unsound)
})

test('its file and its directory are its user’s alone', async () => {
  const found = await remembered()
  expect((await stat(found.directory)).mode & 0o777).toBe(0o700)
  expect((await stat(await fileOf(found))).mode & 0o777).toBe(0o600)
})

test('of another accelerator nothing is known', async () => {
  const {cache, question} = await remembered()
  expect(await cache.recall({...question, accelerator: 'hvf'})).toBeUndefined()
})

test('of another program nothing is known', async () => {
  const {cache, question} = await remembered()
  const program = join(question.program, '..', 'other')
  await writeFile(program, 'a program')
  expect(await cache.recall({...question, program})).toBeUndefined()
})

test.each<[string, (program: string) => Promise<void>]>([
  ['replaced', program => writeFile(program, 'a newer program')],
  ['touched', program => utimes(program, 1, 1)],
])('when the program was %s it is forgotten', async (_, change) => {
  const {cache, question} = await remembered()
  await change(question.program)
  expect(await cache.recall(question)).toBeUndefined()
})

test('after the host was booted again it is forgotten', async () => {
  const found = await remembered()
  const file = await fileOf(found)
  const content: object = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({...content, boot: 'another'}))
  expect(await found.cache.recall(found.question)).toBeUndefined()
  await writeFile(file, JSON.stringify(content))
  expect(await found.cache.recall(found.question)).toEqual({sound: true})
})

test.each(['', 'not JSON', 'null', '[]', '{}', '{"sound": true}'])(
  'a file that holds %j tells nothing, and is written anew',
  async text => {
    const found = await remembered()
    await writeFile(await fileOf(found), text)
    expect(await found.cache.recall(found.question)).toBeUndefined()
    await found.cache.remember(found.question, unsound)
    expect(await found.cache.recall(found.question)).toEqual(unsound)
  },
)

test.each<unknown>([null, 'sound', {}, {sound: 'true'}, {sound: false}, {sound: false, reason: 7}])(
  'a result that is %j tells nothing',
  async result => {
    const found = await remembered()
    const file = await fileOf(found)
    const content: object = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({...content, result}))
    expect(await found.cache.recall(found.question)).toBeUndefined()
  },
)

test('where nothing can be written, nothing is remembered, and nothing fails', async () => {
  const {question} = await remembered()
  // A file stands where the directory would be.
  const cache = new ProbeCache(join(question.program, 'cache'))
  await cache.remember(question, {sound: true})
  expect(await cache.recall(question)).toBeUndefined()
})

test('a directory where its file would be is no reason to fail, and leaves no draft behind', async () => {
  const found = await remembered()
  const file = await fileOf(found)
  const directory = join(found.directory, 'other')
  await mkdir(join(directory, file.slice(found.directory.length)), {recursive: true})
  const cache = new ProbeCache(directory)
  await cache.remember(found.question, {sound: true})
  expect(await cache.recall(found.question)).toBeUndefined()
  expect(await readdir(directory)).toHaveLength(1)
})

test('for a program that is not there nothing is remembered', async () => {
  const directory = await temporaryDirectory()
  const cache = new ProbeCache(directory)
  const question = {program: '/nonexistent/qemu', accelerator: 'kvm'}
  await cache.remember(question, {sound: true})
  expect(await cache.recall(question)).toBeUndefined()
  expect(await readdir(directory)).toEqual([])
})

import {mkdir, readdir, readFile, stat, utimes, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {ProgramCache, type ProgramQuestion} from '../../../src/qemu/programs/program-cache.js'
import {temporaryDirectory} from '../../temporary-directory.js'

interface Remembered {
  readonly directory: string
  readonly cache: ProgramCache
  readonly question: ProgramQuestion
}

/** A cache that holds one answer, for a program of its own. */
async function remembered(answer: unknown = 'yes', untilBoot = false): Promise<Remembered> {
  const parent = await temporaryDirectory()
  const [directory, program] = [join(parent, 'cache', 'vmrun'), join(parent, 'qemu')]
  await writeFile(program, 'a program')
  const cache = new ProgramCache(directory)
  const question = {program, about: 'colour', untilBoot}
  await cache.remember(question, answer)
  return {directory, cache, question}
}

/** Its one file. */
async function fileOf({directory}: Remembered): Promise<string> {
  const [name, ...others] = await readdir(directory)
  expect(others).toEqual([])
  return join(directory, String(name))
}

test.each([true, false, 'red', {sound: true}])('what was found is remembered: %j', async answer => {
  const {cache, question} = await remembered(answer)
  expect(await cache.recall(question)).toEqual(answer)
})

test('another process remembers it as well, and what was found last', async () => {
  const {directory, question} = await remembered()
  expect(await new ProgramCache(directory).recall(question)).toBe('yes')
  await new ProgramCache(directory).remember(question, 'no')
  expect(await new ProgramCache(directory).recall(question)).toBe('no')
})

test('its file and its directory are its user’s alone', async () => {
  const found = await remembered()
  expect((await stat(found.directory)).mode & 0o777).toBe(0o700)
  expect((await stat(await fileOf(found))).mode & 0o777).toBe(0o600)
})

test('to another question, and of another program, there is no answer', async () => {
  const {cache, question} = await remembered()
  expect(await cache.recall({...question, about: 'size'})).toBeUndefined()
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

describe('after the host was booted again', () => {
  test('an answer for one boot is forgotten', async () => {
    const found = await remembered('yes', true)
    const file = await fileOf(found)
    const content: object = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({...content, boot: 'another'}))
    expect(await found.cache.recall(found.question)).toBeUndefined()
    await writeFile(file, JSON.stringify(content))
    expect(await found.cache.recall(found.question)).toBe('yes')
  })

  test('any other is still known, as it does not tell of a boot', async () => {
    const found = await remembered()
    expect(JSON.parse(await readFile(await fileOf(found), 'utf8'))).toEqual({answer: 'yes'})
  })
})

test.each(['', 'not JSON', 'null', '[]', '{}'])(
  'a file that holds %j tells nothing, and is written anew',
  async text => {
    const found = await remembered()
    await writeFile(await fileOf(found), text)
    expect(await found.cache.recall(found.question)).toBeUndefined()
    await found.cache.remember(found.question, 'no')
    expect(await found.cache.recall(found.question)).toBe('no')
  },
)

test.each(['a file', '/proc'])(
  'where %s stands in the way, nothing is remembered, and nothing fails',
  async place => {
    const {question} = await remembered()
    const cache = new ProgramCache(join(place === 'a file' ? question.program : place, 'cache'))
    await cache.remember(question, 'yes')
    expect(await cache.recall(question)).toBeUndefined()
  },
)

test('a directory where its file would be is no reason to fail, and leaves no draft behind', async () => {
  const found = await remembered()
  const file = await fileOf(found)
  const directory = join(found.directory, 'other')
  await mkdir(join(directory, file.slice(found.directory.length)), {recursive: true})
  const cache = new ProgramCache(directory)
  await cache.remember(found.question, 'yes')
  expect(await cache.recall(found.question)).toBeUndefined()
  expect(await readdir(directory)).toHaveLength(1)
})

test('for a program that is not there nothing is remembered', async () => {
  const directory = await temporaryDirectory()
  const cache = new ProgramCache(directory)
  const question = {program: '/proc/nonexistent/qemu', about: 'colour'}
  await cache.remember(question, 'yes')
  expect(await cache.recall(question)).toBeUndefined()
  expect(await readdir(directory)).toEqual([])
})

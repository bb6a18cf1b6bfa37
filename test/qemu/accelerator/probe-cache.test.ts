import {readdir, readFile, stat, utimes, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {ProbeCache, type ProbeQuestion} from '../../../src/qemu/accelerator/probe-cache.js'
import {temporaryDirectory} from '../../temporary-directory.js'

interface Remembered {
  readonly directory: string
  readonly cache: ProbeCache
  readonly question: ProbeQuestion
}

const sound = {sound: true, milliseconds: 18} as const
const unsound = {sound: false, reason: 'KVM internal error', certain: true, milliseconds: 41} as const

/** A cache that holds one answer, for a program of its own. */
async function remembered(answer: typeof sound | typeof unsound = sound): Promise<Remembered> {
  const parent = await temporaryDirectory()
  const [directory, program] = [join(parent, 'cache', 'vmrun'), join(parent, 'qemu')]
  await writeFile(program, 'a program')
  const cache = new ProbeCache(directory)
  const question = {program, accelerator: 'kvm'}
  await cache.remember(question, answer)
  return {directory, cache, question}
}

/** Its one file. */
async function fileOf({directory}: Remembered): Promise<string> {
  const [name, ...others] = await readdir(directory)
  expect(others).toEqual([])
  return join(directory, String(name))
}

test.each([sound, unsound])('what was found is remembered, by other processes as well: %j', async result => {
  const {directory, question} = await remembered(result)
  expect(await new ProbeCache(directory).recall(question)).toEqual(result)
})

test('its file and its directory are its user’s alone', async () => {
  const found = await remembered()
  expect((await stat(found.directory)).mode & 0o777).toBe(0o700)
  expect((await stat(await fileOf(found))).mode & 0o777).toBe(0o600)
})

test('of another accelerator, user or program nothing is known', async () => {
  const {cache, question} = await remembered()
  const program = join(question.program, '..', 'other')
  await writeFile(program, 'a program')
  for (const other of [{accelerator: 'hvf'}, {user: 65_534}, {user: 'temporary'} as const, {program}]) {
    expect(await cache.recall({...question, ...other})).toBeUndefined()
  }
})

test.each<[string, (program: string) => Promise<void>]>([
  ['replaced', program => writeFile(program, 'a newer program')],
  ['touched', program => utimes(program, 1, 1)],
])('when the program was %s it is forgotten', async (_, change) => {
  const {cache, question} = await remembered()
  await change(question.program)
  expect(await cache.recall(question)).toBeUndefined()
})

test.each([
  '',
  'not JSON',
  'null',
  '[]',
  '{}',
  ...['null', '"sound"', '{"sound": true}', '{"sound": "true", "milliseconds": 1}'],
  ...['{"sound": false, "milliseconds": 1}', '{"sound": false, "reason": 7, "milliseconds": 1}'],
])('a file that holds %j tells nothing, and is written anew', async text => {
  const found = await remembered()
  const file = await fileOf(found)
  const {boot}: {boot?: unknown} = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, text)
  expect(await found.cache.recall(found.question)).toBeUndefined()
  await writeFile(file, `{"boot": ${JSON.stringify(boot)}, "answer": ${text || 'null'}}`)
  expect(await found.cache.recall(found.question)).toBeUndefined()
  await found.cache.remember(found.question, unsound)
  expect(await found.cache.recall(found.question)).toEqual(unsound)
})

test('after the host was booted again it is forgotten', async () => {
  const found = await remembered()
  const file = await fileOf(found)
  const content: object = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({...content, boot: 'another'}))
  expect(await found.cache.recall(found.question)).toBeUndefined()
})

test.each(['a file', '/proc'])(
  'where %s stands in the way, nothing is remembered, and nothing fails',
  async place => {
    const {question} = await remembered()
    const cache = new ProbeCache(join(place === 'a file' ? question.program : place, 'cache'))
    await cache.remember(question, sound)
    expect(await cache.recall(question)).toBeUndefined()
  },
)

test('for a program that is not there nothing is remembered', async () => {
  const directory = await temporaryDirectory()
  const cache = new ProbeCache(directory)
  const question = {program: '/proc/nonexistent/qemu', accelerator: 'kvm'}
  await cache.remember(question, sound)
  expect(await cache.recall(question)).toBeUndefined()
  expect(await readdir(directory)).toEqual([])
})

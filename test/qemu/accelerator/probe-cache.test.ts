import {readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {ProbeResult} from '../../../src/qemu/accelerator/probe.js'
import {type ProbeQuestion, recallProbe, rememberProbe} from '../../../src/qemu/accelerator/probe-cache.js'
import {ProgramCache} from '../../../src/qemu/programs/program-cache.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const sound: ProbeResult = {sound: true, milliseconds: 18}
const unsound: ProbeResult = {sound: false, reason: 'KVM internal error', certain: true, milliseconds: 41}

interface Remembered {
  readonly directory: string
  readonly cache: ProgramCache
  readonly question: ProbeQuestion
}

/** A cache that holds one result, for a program of its own. */
async function remembered(result: ProbeResult): Promise<Remembered> {
  const parent = await temporaryDirectory()
  const [directory, program] = [join(parent, 'cache'), join(parent, 'qemu')]
  await writeFile(program, 'a program')
  const cache = new ProgramCache(directory)
  const question = {program, accelerator: 'kvm'}
  await rememberProbe(cache, question, result)
  return {directory, cache, question}
}

/** Changes what its one file holds. */
async function rewrite({directory}: Remembered, change: object): Promise<void> {
  const [name] = await readdir(directory)
  const file = join(directory, String(name))
  const content: object = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({...content, ...change}))
}

test.each([sound, unsound])('what a probe found is remembered: %j', async result => {
  const {cache, question} = await remembered(result)
  expect(await recallProbe(cache, question)).toEqual(result)
})

test('of another accelerator nothing is known', async () => {
  const {cache, question} = await remembered(sound)
  expect(await recallProbe(cache, {...question, accelerator: 'hvf'})).toBeUndefined()
})

test('of another user nothing is known: not everybody may use what is there', async () => {
  const {cache, question} = await remembered(sound)
  expect(await recallProbe(cache, {...question, user: 65_534})).toBeUndefined()
  await rememberProbe(cache, {...question, user: 65_534}, unsound)
  expect(await recallProbe(cache, {...question, user: 65_534})).toEqual(unsound)
  expect(await recallProbe(cache, question)).toEqual(sound)
})

test('after the host was booted again it is forgotten', async () => {
  const found = await remembered(sound)
  await rewrite(found, {boot: 'another'})
  expect(await recallProbe(found.cache, found.question)).toBeUndefined()
})

test.each<unknown>([
  null,
  'sound',
  {},
  {sound: true},
  {sound: 'true', milliseconds: 1},
  {sound: false, milliseconds: 1},
  {sound: false, reason: 7, milliseconds: 1},
])('a result that is %j tells nothing', async answer => {
  const found = await remembered(sound)
  await rewrite(found, {answer})
  expect(await recallProbe(found.cache, found.question)).toBeUndefined()
})

import {mkdir, readdir, readFile, readlink, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {createAtomically, writeAtomically} from '../../src/host/atomic-file.js'
import {releases} from '../releases.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('a file is there whole, and nothing beside it', async () => {
  const directory = await temporaryDirectory()
  await writeAtomically(path.join(directory, 'file'), draft => writeFile(draft, 'new'))
  expect(await readFile(path.join(directory, 'file'), 'utf8')).toBe('new')
  expect(await readdir(directory)).toEqual(['file'])
})

test('when writing fails the old file is as it was, and nothing is beside it', async () => {
  const directory = await temporaryDirectory()
  await writeFile(path.join(directory, 'file'), 'old')
  const written = writeAtomically(path.join(directory, 'file'), async draft => {
    await writeFile(draft, 'half')
    throw new Error('cut off')
  })
  await expect(written).rejects.toThrow('cut off')
  expect(await readFile(path.join(directory, 'file'), 'utf8')).toBe('old')
  expect(await readdir(directory)).toEqual(['file'])
})

test('a file that is made anew is there whole, and nothing beside it', async () => {
  const directory = await temporaryDirectory()
  await createAtomically(path.join(directory, 'file'), draft => writeFile(draft, 'new'))
  expect(await readFile(path.join(directory, 'file'), 'utf8')).toBe('new')
  expect(await readdir(directory)).toEqual(['file'])
})

test.each<[string, (file: string) => Promise<void>, (file: string) => Promise<unknown>, unknown]>([
  ['a file', file => writeFile(file, 'old'), file => readFile(file, 'utf8'), 'old'],
  ['a link to nowhere', file => symlink('nowhere', file), file => readlink(file), 'nowhere'],
  ['a directory', file => mkdir(file), file => readdir(file), []],
])('%s that has the name is left as it was, and nothing is beside it', async (_, make, look, seen) => {
  const directory = await temporaryDirectory()
  const file = path.join(directory, 'file')
  await make(file)
  await expect(createAtomically(file, draft => writeFile(draft, 'new'))).rejects.toMatchObject({
    code: 'EEXIST',
  })
  expect(await look(file)).toEqual(seen)
  expect(await readdir(directory)).toEqual(['file'])
})

test('of many who make the same file one succeeds, and it is that one’s', async () => {
  const directory = await temporaryDirectory()
  const file = path.join(directory, 'file')
  const texts = Array.from({length: 20}, (_, index) => `${index}`.repeat(1000))
  const made = await Promise.allSettled(
    texts.map(text => createAtomically(file, draft => writeFile(draft, text))),
  )
  const winners = texts.filter((_, index) => made[index]?.status === 'fulfilled')
  expect(winners).toEqual([await readFile(file, 'utf8')])
  expect(await readdir(directory)).toEqual(['file'])
})

test('when making a file fails there is nothing', async () => {
  const directory = await temporaryDirectory()
  const made = createAtomically(path.join(directory, 'file'), async draft => {
    await writeFile(draft, 'half')
    throw new Error('cut off')
  })
  await expect(made).rejects.toThrow('cut off')
  expect(await readdir(directory)).toEqual([])
})

test('a file behind a link is written where the kernel goes, its draft too', async () => {
  const {root} = await releases()
  let draftDirectory: readonly string[] = []
  await writeAtomically(`${root}/current/../file`, async draft => {
    await writeFile(draft, 'new')
    draftDirectory = await readdir(`${root}/releases`)
  })
  expect(draftDirectory).toContainEqual(expect.stringMatching(/\.vmrun$/u))
  expect(await readFile(`${root}/releases/file`, 'utf8')).toBe('new')
})

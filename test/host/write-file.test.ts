import {mkdir, readdir, readFile, readlink, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {createWhole, whyNotWritten, writeAtomically} from '../../src/host/write-file.js'
import {releases} from '../releases.js'
import {temporaryDirectory} from '../temporary-directory.js'

describe.each([
  ['written', writeAtomically],
  ['made anew', createWhole],
])('a file that is %s', (_, write) => {
  test('is there whole, and nothing beside it', async () => {
    const directory = await temporaryDirectory()
    await write(path.join(directory, 'file'), draft => writeFile(draft, 'new'))
    expect(await readFile(path.join(directory, 'file'), 'utf8')).toBe('new')
    expect(await readdir(directory)).toEqual(['file'])
  })

  test('is not there when that fails, and nothing is beside it', async () => {
    const directory = await temporaryDirectory()
    const written = write(path.join(directory, 'file'), async draft => {
      await writeFile(draft, 'half')
      throw new Error('cut off')
    })
    await expect(written).rejects.toThrow('cut off')
    expect(await readdir(directory)).toEqual([])
  })
})

test('a file that is overwritten is as it was until then', async () => {
  const file = path.join(await temporaryDirectory(), 'file')
  await writeFile(file, 'old')
  await writeAtomically(file, async draft => {
    await writeFile(draft, 'new')
    expect(await readFile(file, 'utf8')).toBe('old')
  })
  expect(await readFile(file, 'utf8')).toBe('new')
})

test.each<[string, (file: string) => Promise<void>, (file: string) => Promise<unknown>, unknown]>([
  ['a file', file => writeFile(file, 'old'), file => readFile(file, 'utf8'), 'old'],
  ['a link to nowhere', file => symlink('nowhere', file), file => readlink(file), 'nowhere'],
  ['a directory', file => mkdir(file), file => readdir(file), []],
])('%s that has the name is left as it was, and nothing is beside it', async (_, make, look, seen) => {
  const directory = await temporaryDirectory()
  const file = path.join(directory, 'file')
  await make(file)
  await expect(createWhole(file, draft => writeFile(draft, 'new'))).rejects.toMatchObject({
    code: 'EEXIST',
  })
  expect(await look(file)).toEqual(seen)
  expect(await readdir(directory)).toEqual(['file'])
})

test('of many who make the same file one succeeds, and it is that one’s', async () => {
  const directory = await temporaryDirectory()
  const file = path.join(directory, 'file')
  const texts = Array.from({length: 20}, (_, index) => `${index}`.repeat(1000))
  const made = await Promise.allSettled(texts.map(text => createWhole(file, draft => writeFile(draft, text))))
  const winners = texts.filter((_, index) => made[index]?.status === 'fulfilled')
  expect(winners).toEqual([await readFile(file, 'utf8')])
  expect(await readdir(directory)).toEqual(['file'])
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

test.each([
  ['/proc/nonexistent/file', 'its directory does not exist'],
  ['/dev/null/file', 'a part of its path is not a directory'],
  ['/', 'it is a directory'],
  ['/dev/full', 'no space is left'],
])('why %s cannot be written is told in words', async (file, why) => {
  expect(whyNotWritten(await writeFile(file, 'x').catch((error: unknown) => error))).toBe(why)
})

test('a reason that has no words of its own keeps the system’s', async () => {
  const failure = await writeFile(`/${'x'.repeat(256)}`, 'x').catch((error: unknown) => error)
  expect(whyNotWritten(failure)).toContain('ENAMETOOLONG')
})

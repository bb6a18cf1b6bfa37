import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {writeAtomically} from '../../src/host/atomic-file.js'
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

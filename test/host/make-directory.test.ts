import {chmod, readdir, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {makeDirectory} from '../../src/host/make-directory.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('it is made with all that is missing above it, and all of it is its user’s alone', async () => {
  const parent = await temporaryDirectory()
  makeDirectory(path.join(parent, 'a', 'b', 'c'))
  for (const made of ['a', 'a/b', 'a/b/c']) {
    expect((await stat(path.join(parent, made))).mode & 0o777).toBe(0o700)
  }
})

test('one that is there stays as it is', async () => {
  const directory = await temporaryDirectory()
  await chmod(directory, 0o750)
  await writeFile(path.join(directory, 'file'), '')
  makeDirectory(directory)
  expect(await readdir(directory)).toEqual(['file'])
  expect((await stat(directory)).mode & 0o777).toBe(0o750)
})

test('several may make it at once', async () => {
  const directory = path.join(await temporaryDirectory(), 'a', 'b')
  await Promise.all([1, 2, 3, 4].map(async () => makeDirectory(directory)))
  expect(await readdir(directory)).toEqual([])
})

test('where the kernel makes none it is an error, and not tried for ever', async () => {
  expect(() => makeDirectory('/proc/vmrun')).toThrow('ENOENT')
  expect(() => makeDirectory('/proc/vmrun/state')).toThrow('ENOENT')
  expect(() => makeDirectory(path.join(import.meta.filename, 'state'))).toThrow('ENOTDIR')
})

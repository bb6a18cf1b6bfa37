import {mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {HostError, UsageError} from '../../src/errors/errors.js'
import {findTraceFile, writeTraceFile} from '../../src/tracing/trace-file.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('a file is found where it is named, and is not made', async () => {
  const directory = await temporaryDirectory()
  const file = path.join(directory, 'trace.json')
  const named = path.relative('.', file)
  expect(await findTraceFile(file)).toBe(file)
  expect(await findTraceFile(named)).toBe(`${process.cwd()}/${named}`)
  expect(await readdir(directory)).toEqual([])
})

test('the trace of an earlier run does', async () => {
  const file = path.join(await temporaryDirectory(), 'trace.json')
  await writeFile(file, 'earlier')
  expect(await findTraceFile(file)).toBe(file)
})

test.each([
  ['a directory', 'directory', 'it is a directory'],
  ['in no directory', 'missing/trace.json', 'its directory does not exist'],
  ['below a file', 'file/trace.json', 'a part of its path is not a directory'],
  ['a link, which may lead anywhere', 'link', 'it is not a regular file'],
])('what is %s is the user’s error', async (_, name, reason) => {
  const directory = await temporaryDirectory()
  await mkdir(path.join(directory, 'directory'))
  await writeFile(path.join(directory, 'file'), '')
  await symlink('file', path.join(directory, 'link'))
  const found = findTraceFile(path.join(directory, name))
  await expect(found).rejects.toThrow(UsageError)
  await expect(found).rejects.toThrow(reason)
})

test('a device is not replaced', async () => {
  await expect(findTraceFile('/dev/null')).rejects.toThrow('it is not a regular file')
})

test('a file is its user’s alone, also where the one before was not', async () => {
  const file = path.join(await temporaryDirectory(), 'trace.json')
  await writeFile(file, 'earlier', {mode: 0o644})
  await writeTraceFile(file, 'whole')
  expect(await readFile(file, 'utf8')).toBe('whole')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('one that cannot be written is told of by its name', async () => {
  const written = writeTraceFile('/proc/nonexistent/\u001b[2J', 'whole')
  await expect(written).rejects.toThrow(HostError)
  await expect(written).rejects.toThrow(
    String.raw`cannot write the trace to /proc/nonexistent/\u001b[2J: its directory does not exist`,
  )
})

import {existsSync} from 'node:fs'
import {chmod, readdir} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {UsageError} from '../../src/errors/errors.js'
import {prune} from '../../src/launch/prune.js'
import {dead} from '../residue/processes.js'
import {writeRecord} from '../residue/written-record.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('what a dead run left is removed, and it is told where that was', async () => {
  const directory = await temporaryDirectory()
  const file = await writeRecord(directory, {owner: await dead()})
  expect(await prune({VMRUN_STATE_DIR: directory})).toEqual({
    stateDirectory: directory,
    removed: [expect.objectContaining({file, instance: 'vm-1'})],
    leftAlone: [],
    failed: [],
  })
  expect(await readdir(directory)).toEqual([])
})

test('where nothing ever ran nothing is made', async () => {
  const directory = path.join(await temporaryDirectory(), 'state')
  expect(await prune({VMRUN_STATE_DIR: directory})).toEqual({
    stateDirectory: directory,
    removed: [],
    leftAlone: [],
    failed: [],
  })
  expect(existsSync(directory)).toBe(false)
})

test('a state directory that others can write to is not swept', async () => {
  const directory = await temporaryDirectory()
  await writeRecord(directory, {owner: await dead()})
  await chmod(directory, 0o777)
  await expect(prune({VMRUN_STATE_DIR: directory})).rejects.toThrow(UsageError)
  expect(await readdir(directory)).toHaveLength(1)
})

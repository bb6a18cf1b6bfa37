import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {ownName} from '../../src/doctor/own-name.js'
import {examineStateDirectory, stateDirectoryFinding} from '../../src/doctor/state-directory.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('one that is there is good, with its file system and its owner', async () => {
  const directory = await temporaryDirectory()
  const finding = await examineStateDirectory({VMRUN_STATE_DIR: directory})
  expect(finding).toMatchObject({check: 'state-directory', subject: directory, state: 'good', exists: true})
  expect(await readdir(directory)).toEqual([])
  expect(finding.message).toContain(directory)
  expect(finding.message).toMatch(/ free\), owned by /u)
  expect(finding.message).toContain(ownName())
})

test('one that is not there yet is good where it can be made, and is not made', async () => {
  const parent = await temporaryDirectory()
  const finding = await examineStateDirectory({VMRUN_STATE_DIR: join(parent, 'a', 'b')})
  expect(finding).toMatchObject({
    state: 'good',
    message: expect.stringContaining('the first run makes it'),
    exists: false,
  })
  expect(await readdir(parent)).toEqual([])
})

test('one that others can write to is missing, with what to do', async () => {
  const directory = join(await temporaryDirectory(), 'state')
  await mkdir(directory)
  await chmod(directory, 0o777)
  expect(await examineStateDirectory({VMRUN_STATE_DIR: directory})).toMatchObject({
    subject: directory,
    state: 'missing',
    message: expect.stringContaining('can be written to by other users'),
    hint: expect.stringContaining('chmod go-w'),
  })
})

test('the default one is told by its name also where it is refused', async () => {
  const runtime = await temporaryDirectory()
  const directory = join(runtime, 'vmrun')
  await mkdir(directory)
  await chmod(directory, 0o777)
  expect(await examineStateDirectory({XDG_RUNTIME_DIR: runtime})).toMatchObject({
    subject: directory,
    state: 'missing',
  })
})

test('one that is nearly full is poor, and what to do is said', () => {
  const directory = {directory: '/run/vmrun', exists: true, type: 'tmpfs'}
  expect(stateDirectoryFinding({...directory, free: 2 ** 20})).toMatchObject({state: 'good'})
  expect(stateDirectoryFinding({...directory, free: 2 ** 20 - 1})).toMatchObject({
    state: 'poor',
    hint: expect.stringContaining('VMRUN_STATE_DIR'),
    fileSystem: 'tmpfs',
    freeBytes: 2 ** 20 - 1,
    exists: true,
  })
})

test('one that is a file is missing', async () => {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, '')
  expect(await examineStateDirectory({VMRUN_STATE_DIR: file})).toMatchObject({
    state: 'missing',
    message: expect.stringContaining('is not a directory'),
  })
})

test('one that cannot be made, as a file stands where its parent would be, is missing', async () => {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, '')
  expect(await examineStateDirectory({VMRUN_STATE_DIR: join(file, 'state')})).toMatchObject({
    state: 'missing',
    message: expect.stringContaining(file),
    hint: expect.stringContaining('VMRUN_STATE_DIR'),
  })
})

test.runIf(process.getuid?.() !== 0)(
  'one whose parent belongs to root cannot be made by others',
  async () => {
    expect(await examineStateDirectory({VMRUN_STATE_DIR: '/vmrun-test'})).toMatchObject({
      state: 'missing',
      message: expect.stringContaining('/vmrun-test cannot be made: EACCES'),
    })
  },
)

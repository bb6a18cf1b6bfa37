import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {ownName} from '../../src/doctor/own-name.js'
import {examineStateDirectory} from '../../src/doctor/state-directory.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('one that is there is good, with its file system and its owner', async () => {
  const directory = await temporaryDirectory()
  const finding = await examineStateDirectory({VMRUN_STATE_DIR: directory})
  expect(finding).toMatchObject({check: 'state-directory', subject: directory, state: 'good'})
  expect(finding.text).toContain(directory)
  expect(finding.text).toMatch(/ free\), owned by /u)
  expect(finding.text).toContain(ownName())
})

test('one that is not there yet is good where it can be made, and is not made', async () => {
  const parent = await temporaryDirectory()
  const finding = await examineStateDirectory({VMRUN_STATE_DIR: join(parent, 'a', 'b')})
  expect(finding).toMatchObject({state: 'good', text: expect.stringContaining('to be made by the first run')})
  expect(await readdir(parent)).toEqual([])
})

test('one that others can write to is missing, with what to do', async () => {
  const directory = join(await temporaryDirectory(), 'state')
  await mkdir(directory)
  await chmod(directory, 0o777)
  expect(await examineStateDirectory({VMRUN_STATE_DIR: directory})).toMatchObject({
    subject: directory,
    state: 'missing',
    text: expect.stringContaining('can be written to by other users'),
    advice: expect.stringContaining('chmod go-w'),
  })
})

test('one that is a file is missing', async () => {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, '')
  expect(await examineStateDirectory({VMRUN_STATE_DIR: file})).toMatchObject({
    state: 'missing',
    text: expect.stringContaining('is not a directory'),
  })
})

test('one that cannot be made, as a file stands where its parent would be, is missing', async () => {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, '')
  expect(await examineStateDirectory({VMRUN_STATE_DIR: join(file, 'state')})).toMatchObject({
    state: 'missing',
    text: expect.stringContaining(file),
    advice: expect.stringContaining('VMRUN_STATE_DIR'),
  })
})

test.runIf(process.getuid?.() !== 0)(
  'one whose parent belongs to root cannot be made by others',
  async () => {
    expect(await examineStateDirectory({VMRUN_STATE_DIR: '/vmrun-test'})).toMatchObject({
      state: 'missing',
      text: expect.stringContaining('/vmrun-test cannot be made: EACCES'),
    })
  },
)

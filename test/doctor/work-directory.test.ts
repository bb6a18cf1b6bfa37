import {chmod, readdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {examineWorkDirectory, workDirectoryFinding} from '../../src/doctor/work-directory.js'
import {temporaryDirectory} from '../temporary-directory.js'

const usable = {directory: '/var/tmp', type: 'ext4', free: 80 * 2 ** 30, unnamed: true}

test('one on a disk, with space and with files without a name, is good', () => {
  expect(workDirectoryFinding(usable)).toEqual({
    check: 'work-directory',
    subject: '/var/tmp',
    state: 'good',
    message: '/var/tmp (ext4, 80 GiB free), files never have a name (O_TMPFILE)',
    fileSystem: 'ext4',
    freeBytes: 80 * 2 ** 30,
    unnamedFiles: true,
  })
})

test.each([
  ['in memory', {type: 'tmpfs'}, 'in memory'],
  ['nearly full', {free: 2 ** 30 - 1}, 'free some space'],
  ['without files that have no name', {unnamed: false}, 'in that moment'],
])('one that is %s is poor, and what that means is said', (_, shortcoming, hint) => {
  const finding = workDirectoryFinding({...usable, ...shortcoming})
  expect(finding.state).toBe('poor')
  expect(finding.hint).toContain(hint)
})

test('several shortcomings are all told', () => {
  const {hint} = workDirectoryFinding({...usable, type: 'tmpfs', free: 0, unnamed: false})
  expect(hint?.split('\n')).toHaveLength(3)
})

test('a real one is tried, and nothing is left in it', async () => {
  const directory = await temporaryDirectory()
  const {finding, directory: found} = await examineWorkDirectory(directory, {})
  expect(finding.message).toContain(directory)
  expect(['good', 'poor']).toContain(finding.state)
  expect(found).toBe(directory)
  expect(await readdir(directory)).toEqual([])
})

test.runIf(process.platform === 'linux')('that files have no name is found out by making one', async () => {
  const {finding} = await examineWorkDirectory('/dev/shm', {})
  expect(finding).toMatchObject({fileSystem: 'tmpfs', unnamedFiles: true})
  expect(finding.message).toContain('files never have a name (O_TMPFILE)')
  expect(finding.state).toBe('poor')
})

describe('one that cannot be used is missing', () => {
  test('that does not exist', async () => {
    const directory = join(await temporaryDirectory(), 'missing')
    const {finding, directory: found} = await examineWorkDirectory(undefined, {VMRUN_WORK_DIR: directory})
    expect(found).toBeUndefined()
    expect(finding).toMatchObject({
      subject: directory,
      state: 'missing',
      message: `the work directory ${directory} does not exist`,
      hint: expect.stringContaining('--work-dir'),
    })
  })

  test('that is a file', async () => {
    const file = join(await temporaryDirectory(), 'file')
    await writeFile(file, '')
    expect((await examineWorkDirectory(file, {})).finding.message).toContain('is not a directory')
  })

  test('in which anybody may rename files', async () => {
    const directory = await temporaryDirectory()
    await chmod(directory, 0o777)
    expect((await examineWorkDirectory(directory, {})).finding).toMatchObject({
      state: 'missing',
      hint: expect.stringContaining(`chmod go-w ${directory}`),
    })
  })

  test.runIf(process.platform === 'linux')('in which no file can be made', async () => {
    const {finding} = await examineWorkDirectory('/proc', {})
    expect(finding).toMatchObject({
      state: 'missing',
      message: expect.stringContaining('no file can be made in /proc'),
    })
  })
})

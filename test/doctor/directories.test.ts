import {execFileSync} from 'node:child_process'
import {chmod, mkdir, readdir, statfs, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {
  examineStateDirectory,
  examineWorkDirectory,
  stateDirectoryFinding,
  type Tried,
  workDirectoryFinding,
} from '../../src/doctor/directories.js'
import {ownName} from '../../src/doctor/protection.js'
import {temporaryDirectory} from '../temporary-directory.js'

const isLinux = process.platform === 'linux'

const usable: Tried = {fileSystem: 'ext4', freeBytes: 80 * 2 ** 30, unnamedFiles: true}

/** A directory that everybody may write to. */
async function openToAll(name: string): Promise<string> {
  const directory = join(await temporaryDirectory(), name)
  await mkdir(directory)
  await chmod(directory, 0o777)
  return directory
}

async function someFile(): Promise<string> {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, '')
  return file
}

describe('a work directory', () => {
  test('on a disk, with space and with files without a name, is good', () => {
    expect(workDirectoryFinding('/var/tmp', usable)).toEqual({
      check: 'work-directory',
      subject: '/var/tmp',
      state: 'good',
      message: '/var/tmp (ext4, 80 GiB free), files never have a name (O_TMPFILE)',
      fileSystem: 'ext4',
      freeBytes: 80 * 2 ** 30,
      unnamedFiles: true,
    })
  })

  test.each<[string, Partial<Tried>, string, number]>([
    ['in memory', {fileSystem: 'tmpfs'}, 'in memory', 1],
    ['in memory of another kind', {fileSystem: 'ramfs'}, 'in memory', 1],
    ['nearly full', {freeBytes: 2 ** 30 - 1}, 'free some space', 1],
    ['without files that have no name', {unnamedFiles: false}, 'in that moment', 1],
    ['all of these', {fileSystem: 'tmpfs', freeBytes: 0, unnamedFiles: false}, 'in memory', 3],
  ])('that is %s is poor, and what that means is said', (_, shortcoming, hint, lines) => {
    const finding = workDirectoryFinding('/var/tmp', {...usable, ...shortcoming})
    expect(finding.state).toBe('poor')
    expect(finding.hint).toContain(hint)
    expect(finding.hint?.split('\n')).toHaveLength(lines)
  })

  test('whose file system nobody tells is told without it', () => {
    const finding = workDirectoryFinding('/var/tmp', {freeBytes: 2 ** 30, unnamedFiles: true})
    expect(finding.message).toContain('/var/tmp (1 GiB free)')
    expect(finding).not.toHaveProperty('fileSystem')
  })

  test('is tried, and nothing is left in it', async () => {
    const directory = await temporaryDirectory()
    const finding = await examineWorkDirectory(directory, {})
    expect(finding).toMatchObject({subject: directory, state: expect.stringMatching(/^(?:good|poor)$/u)})
    expect(await readdir(directory)).toEqual([])
    const {bavail, bsize, blocks} = await statfs(directory)
    expect(finding.freeBytes).toBeLessThanOrEqual(blocks * bsize)
    // Others write meanwhile.
    expect(Math.abs(Number(finding.freeBytes) - bavail * bsize)).toBeLessThan(2 ** 30)
  })

  test.runIf(isLinux)('tells by a file that it makes whether files have no name', async () => {
    const finding = await examineWorkDirectory('/dev/shm', {})
    expect(finding).toMatchObject({state: 'poor', fileSystem: 'tmpfs', unnamedFiles: true})
    expect(finding.message).toContain('files never have a name (O_TMPFILE)')
  })

  test.runIf(isLinux)('is of the type that stat(1) tells', async () => {
    const directory = await temporaryDirectory()
    const told = execFileSync('stat', ['--file-system', '--format=%T', directory], {encoding: 'utf8'})
    const {fileSystem} = await examineWorkDirectory(directory, {})
    // stat(1) goes by a number that ext2, ext3 and ext4 share.
    expect(told.trim()).toContain(fileSystem?.replace(/^ext[234]$/u, 'ext2/ext3'))
  })

  test.each<[string, () => Promise<string>, string, string]>([
    ['does not exist', async () => join(await temporaryDirectory(), 'x'), 'does not exist', '--work-dir'],
    ['is a file', someFile, 'is not a directory', '--work-dir'],
    ['lets anybody rename files', () => openToAll('work'), 'is not safe', 'chmod go-w'],
    ['takes no file', async () => '/proc', 'no file can be made in /proc', '--work-dir'],
  ])('that %s is missing, with what to do', async (_, make, message, hint) => {
    const directory = await make()
    expect(await examineWorkDirectory(undefined, {VMRUN_WORK_DIR: directory})).toMatchObject({
      ...{subject: directory, state: 'missing'},
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })
})

describe('a state directory', () => {
  test('that is there is good, with its file system and its owner', async () => {
    const directory = await temporaryDirectory()
    const finding = await examineStateDirectory({VMRUN_STATE_DIR: directory})
    expect(finding).toMatchObject({check: 'state-directory', subject: directory, state: 'good', exists: true})
    expect(await readdir(directory)).toEqual([])
    expect(finding.message).toContain(directory)
    expect(finding.message).toMatch(/ free\), owned by /u)
    expect(finding.message).toContain(ownName())
  })

  test('that is not there yet is good where it can be made, and is not made', async () => {
    const parent = await temporaryDirectory()
    const message = expect.stringContaining('the first run makes it')
    const finding = await examineStateDirectory({VMRUN_STATE_DIR: join(parent, 'a', 'b')})
    expect(finding).toMatchObject({state: 'good', message, exists: false})
    expect(await readdir(parent)).toEqual([])
  })

  test('that is nearly full is poor, and what to do is said', () => {
    const tried = {fileSystem: 'tmpfs', unnamedFiles: true}
    expect(stateDirectoryFinding('/run/vmrun', true, {...tried, freeBytes: 2 ** 20})).toMatchObject({
      state: 'good',
    })
    expect(stateDirectoryFinding('/run/vmrun', true, {...tried, freeBytes: 2 ** 20 - 1})).toMatchObject({
      state: 'poor',
      hint: expect.stringContaining('VMRUN_STATE_DIR'),
      fileSystem: 'tmpfs',
      freeBytes: 2 ** 20 - 1,
      exists: true,
    })
  })

  test('that is the default one is told by its name also where it is refused', async () => {
    const directory = await openToAll('vmrun')
    const finding = await examineStateDirectory({XDG_RUNTIME_DIR: join(directory, '..')})
    expect(finding).toMatchObject({subject: directory, state: 'missing'})
  })

  test.each<[string, () => Promise<string>, string, string]>([
    ['others can write to', () => openToAll('state'), 'can be written to by other users', 'chmod go-w'],
    ['is a file', someFile, 'is not a directory', 'VMRUN_STATE_DIR'],
    ['would be below a file', async () => join(await someFile(), 'state'), 'file', 'VMRUN_STATE_DIR'],
    ['cannot be made', async () => '/proc/a/b', '/proc/a/b cannot be made: ENOENT', 'VMRUN_STATE_DIR'],
  ])('that %s is missing, with what to do', async (_, make, message, hint) => {
    const directory = await make()
    expect(await examineStateDirectory({VMRUN_STATE_DIR: directory})).toMatchObject({
      ...{subject: directory, state: 'missing'},
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })
})

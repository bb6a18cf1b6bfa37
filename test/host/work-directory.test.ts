import path from 'node:path'
import {expect, test} from 'vitest'
import {makeWorkFile, workDirectory} from '../../src/host/work-directory.js'
import {releases} from '../releases.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('it is on disk, and kept across reboots, when nobody says where; TMPDIR may be in memory, and has no say', async () => {
  const directory = await temporaryDirectory()
  expect(await workDirectory(undefined, {})).toBe('/var/tmp')
  expect(await workDirectory(undefined, {VMRUN_WORK_DIR: '', TMPDIR: directory})).toBe('/var/tmp')
})

test('VMRUN_WORK_DIR names it, and --work-dir before that', async () => {
  const directory = await temporaryDirectory()
  expect(await workDirectory(undefined, {VMRUN_WORK_DIR: directory})).toBe(directory)
  expect(await workDirectory(directory, {VMRUN_WORK_DIR: '/proc/nonexistent'})).toBe(directory)
})

test('a relative one is relative to the working directory', async () => {
  expect(await workDirectory('test', {})).toBe(path.resolve('test'))
  const {root} = await releases()
  const below = path.relative(process.cwd(), root)
  expect(await workDirectory(`${below}/current/../5`, {})).toBe(`${process.cwd()}/${below}/current/../5`)
  await expect(workDirectory(`${below}/nosuch/../images`, {})).rejects.toThrow('does not exist')
})

test.runIf(process.platform === 'linux')('one in memory may be had by name', async () => {
  expect(await workDirectory('/dev/shm', {})).toBe('/dev/shm')
  expect(await workDirectory(undefined, {VMRUN_WORK_DIR: '/dev/shm'})).toBe('/dev/shm')
})

test.each([
  ['does not exist', 'HostError', '/proc/nonexistent'],
  ['is not a directory', 'UsageError', import.meta.filename],
])('one that %s is an error that says how to name another', async (what, name, directory) => {
  for (const [named, environment] of [
    [directory, {}],
    [undefined, {VMRUN_WORK_DIR: directory}],
  ] as const) {
    await expect(workDirectory(named, environment)).rejects.toMatchObject({
      name,
      message: `the work directory ${directory} ${what}`,
      hint: expect.stringContaining('--work-dir'),
    })
  }
})

test('where no file can be made in it is told, with what to do', async () => {
  // Nobody can make one there, not even root.
  await expect(makeWorkFile('/proc', '0123456789ab')).rejects.toMatchObject({
    name: 'HostError',
    message: expect.stringContaining('cannot make a file in the work directory /proc: '),
    hint: expect.stringContaining('--work-dir'),
  })
})

import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {workDirectory} from '../../src/host/work-directory.js'
import {releases} from '../releases.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('it is on disk, and kept across reboots, when nobody says where', async () => {
  expect(await workDirectory(undefined, {})).toBe('/var/tmp')
})

test('an empty VMRUN_WORK_DIR is none', async () => {
  expect(await workDirectory(undefined, {VMRUN_WORK_DIR: ''})).toBe('/var/tmp')
})

test('TMPDIR has no say, as it may be in memory', async () => {
  expect(await workDirectory(undefined, {TMPDIR: await temporaryDirectory()})).toBe('/var/tmp')
})

test('VMRUN_WORK_DIR names it', async () => {
  const directory = await temporaryDirectory()
  expect(await workDirectory(undefined, {VMRUN_WORK_DIR: directory})).toBe(directory)
})

test('--work-dir comes before VMRUN_WORK_DIR', async () => {
  const directory = await temporaryDirectory()
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

test.each<[string, string, (directory: string) => Promise<string>]>([
  ['does not exist', 'HostError', async (directory: string) => path.join(directory, 'gone')],
  [
    'is not a directory',
    'UsageError',
    async (directory: string) => {
      const file = path.join(directory, 'file')
      await writeFile(file, '')
      return file
    },
  ],
])('one that %s is an error that says how to name another', async (what, name, make) => {
  const parent = path.join(await temporaryDirectory(), 'parent')
  await mkdir(parent)
  const directory = await make(parent)
  for (const ask of [
    () => workDirectory(directory, {}),
    () => workDirectory(undefined, {VMRUN_WORK_DIR: directory}),
  ]) {
    await expect(ask()).rejects.toMatchObject({
      name,
      message: `the work directory ${directory} ${what}`,
      hint: expect.stringContaining('--work-dir'),
    })
  }
})

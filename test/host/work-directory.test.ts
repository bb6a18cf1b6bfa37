import {execFileSync} from 'node:child_process'
import {readdir, readFile, readlink, stat} from 'node:fs/promises'
import path from 'node:path'
import {afterEach, describe, expect, onTestFinished, test} from 'vitest'
import {
  makeWorkFile,
  openUnlinked,
  openUnnamed,
  type UnnamedFile,
  workDirectory,
} from '../../src/host/work-directory.js'
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

const umask = process.umask()

afterEach(() => {
  process.umask(umask)
})

describe.each([
  {how: 'made without a name', make: openUnnamed},
  {how: 'whose name is taken away', make: async (_: string, name: string) => await openUnlinked(name)},
])('a file $how', ({make}) => {
  async function made(): Promise<UnnamedFile & {readonly directory: string}> {
    const directory = await temporaryDirectory()
    const file = await make(directory, path.join(directory, 'draft'))
    onTestFinished(async () => {
      await Promise.all([file.writable.close(), file.readOnly.close()])
    })
    return {...file, directory}
  }

  test('is on the file system of its directory, and nobody finds it there', async () => {
    const {writable, directory} = await made()
    await writable.writeFile('bytes')
    expect(await readdir(directory)).toEqual([])
    const {dev, nlink} = await writable.stat()
    expect({dev, nlink}).toEqual({dev: (await stat(directory)).dev, nlink: 0})
  })

  test('is open twice: once to write and to read, once to read alone', async () => {
    const {writable, readOnly} = await made()
    await writable.write('bytes')
    expect(await readOnly.readFile('utf8')).toBe('bytes')
    await expect(readOnly.write('other bytes')).rejects.toThrow('EBADF')
    expect(await accessModes([writable.fd, readOnly.fd])).toEqual(['O_RDWR', 'O_RDONLY'])
  })

  test.each([0o000, 0o022, 0o077])('is its user’s alone, with the umask %d', async mask => {
    process.umask(mask)
    const {writable} = await made()
    expect((await writable.stat()).mode & 0o777).toBe(0o600)
  })

  test('where it cannot be made is told in the words of the system', async () => {
    await expect(make('/proc/nonexistent', '/proc/nonexistent/draft')).rejects.toThrow('ENOENT')
  })
})

test('no program that this process starts gets it unasked', async () => {
  const directory = await temporaryDirectory()
  const file = await openUnnamed(directory, path.join(directory, 'draft'))
  onTestFinished(async () => {
    await Promise.all([file.writable.close(), file.readOnly.close()])
  })
  expect(await readlink(`/proc/self/fd/${file.writable.fd}`)).toContain(directory)
  expect(execFileSync('ls', ['-l', '/proc/self/fd'], {encoding: 'utf8'})).not.toContain(directory)
})

/** How descriptors of this process were opened: proc(5), fdinfo. */
async function accessModes(descriptors: readonly number[]): Promise<readonly unknown[]> {
  return await Promise.all(
    descriptors.map(async descriptor => {
      const info = await readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8')
      const flags = Number.parseInt(/flags:\s*(?<flags>\d+)/u.exec(info)?.groups?.['flags'] ?? '', 8)
      return ['O_RDONLY', 'O_WRONLY', 'O_RDWR'][flags & 3]
    }),
  )
}

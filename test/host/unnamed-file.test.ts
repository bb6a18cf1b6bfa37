import {execFileSync} from 'node:child_process'
import {readdir, readFile, readlink, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, describe, expect, onTestFinished, test} from 'vitest'
import {openUnlinked, openUnnamed, type UnnamedFile} from '../../src/host/unnamed-file.js'
import {temporaryDirectory} from '../temporary-directory.js'

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
    const file = await make(directory, join(directory, 'draft'))
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
  const file = await openUnnamed(directory, join(directory, 'draft'))
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

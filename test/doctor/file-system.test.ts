import {execFileSync} from 'node:child_process'
import {statfs} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {fileSystemOf, fileSystemText, isInMemory, mountType} from '../../src/doctor/file-system.js'
import {temporaryDirectory} from '../temporary-directory.js'

const mounts = [
  '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
  '30 22 0:26 / /run\\040dir rw,nosuid shared:2 master:1 - tmpfs tmpfs rw,size=1k',
  '31 22 0:27 / /odd\\040-\\040name rw - xfs /dev/vdb rw',
].join('\n')

test.each([
  ['22', 'ext4'],
  ['30', 'tmpfs'],
  ['31', 'xfs'],
  ['3', undefined],
  [undefined, undefined],
])('mount %s is of type %s', (id, type) => {
  expect(mountType(mounts, id)).toBe(type)
})

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test.each(['/', '/proc', '/dev/shm'])('the type of %s is the one that stat(1) tells', async directory => {
    const told = execFileSync('stat', ['--file-system', '--format=%T', directory], {encoding: 'utf8'}).trim()
    // stat(1) goes by a number that ext2, ext3 and ext4 share.
    expect(told).toContain((await fileSystemOf(directory)).type?.replace(/^ext[234]$/u, 'ext2/ext3'))
  })
})

test('the free space is what this user may take', async () => {
  const directory = await temporaryDirectory()
  const {free} = await fileSystemOf(directory)
  const {bavail, bsize, blocks} = await statfs(directory)
  expect(free).toBeLessThanOrEqual(blocks * bsize)
  // Others write meanwhile.
  expect(Math.abs(free - bavail * bsize)).toBeLessThan(2 ** 30)
})

test('a directory that is not there has none', async () => {
  await expect(fileSystemOf('/proc/nonexistent')).rejects.toThrow('ENOENT')
})

test.each([
  [{type: 'ext4', free: 5 * 2 ** 30}, 'ext4, 5 GiB free', false],
  [{type: 'tmpfs', free: 0}, 'tmpfs, 0 B free', true],
  [{type: 'ramfs', free: 1024}, 'ramfs, 1 KiB free', true],
  [{type: undefined, free: 1024}, '1 KiB free', false],
])('%j', (fileSystem, text, inMemory) => {
  expect(fileSystemText(fileSystem)).toBe(text)
  expect(isInMemory(fileSystem)).toBe(inMemory)
})

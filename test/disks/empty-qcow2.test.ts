import {execFileSync} from 'node:child_process'
import {open} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {emptyQcow2} from '../../src/disks/empty-qcow2.js'
import {HostError} from '../../src/errors/errors.js'
import {temporaryDirectory} from '../temporary-directory.js'

const gibibyte = 2 ** 30

async function written(size: number): Promise<string> {
  const name = path.join(await temporaryDirectory(), 'image.qcow2')
  const file = await open(name, 'wx')
  const {parts, length} = emptyQcow2(size)
  for (const {offset, content} of parts) {
    await file.write(content, 0, content.length, offset)
  }

  await file.truncate(length)
  await file.close()
  return name
}

function qemuImg(...words: readonly string[]): string {
  return execFileSync('qemu-img', words, {encoding: 'utf8'})
}

test.each([
  512,
  gibibyte / 2,
  gibibyte / 2 + 512,
  80 * gibibyte,
  // The last with an L1 table of one cluster, and the first with one of two.
  4096 * gibibyte,
  4096 * gibibyte + 512,
  2 ** 51,
])('qemu-img finds nothing wrong with an image of %i bytes, and it is empty', async size => {
  const image = await written(size)
  const check = JSON.parse(qemuImg('check', '--output=json', '-f', 'qcow2', image))
  expect(check).toMatchObject({'check-errors': 0})
  expect(check.corruptions ?? 0).toBe(0)
  expect(check.leaks ?? 0).toBe(0)
  const info = JSON.parse(qemuImg('info', '--output=json', '-f', 'qcow2', image))
  expect(info).toMatchObject({'virtual-size': size, 'dirty-flag': false, 'cluster-size': 65_536})
  expect(info['backing-filename']).toBeUndefined()
})

test('it is as qemu-img makes one, but for the names of features that qemu-img puts behind the header', async () => {
  const image = await written(10 * gibibyte)
  const theirs = path.join(await temporaryDirectory(), 'theirs.qcow2')
  qemuImg('create', '-q', '-f', 'qcow2', theirs, '10G')
  const [own, other] = [image, theirs].map(file =>
    JSON.parse(qemuImg('info', '--output=json', '-f', 'qcow2', file)),
  )
  expect(own['format-specific']).toEqual(other['format-specific'])
  expect(qemuImg('compare', '-f', 'qcow2', '-F', 'qcow2', image, theirs)).toContain('identical')
})

test('what a guest writes to it is read again', async () => {
  const image = await written(10 * gibibyte)
  execFileSync('qemu-io', ['-f', 'qcow2', '-c', 'write -P 7 9G 1M', '-c', 'read -P 7 9G 1M', image])
  expect(JSON.parse(qemuImg('check', '--output=json', '-f', 'qcow2', image))).toMatchObject({
    'check-errors': 0,
  })
})

test('a size that is no whole sector is rounded up', async () => {
  const image = await written(1000)
  expect(JSON.parse(qemuImg('info', '--output=json', image))['virtual-size']).toBe(1024)
})

test('a disk that is too large is told, with the largest that can be', () => {
  expect(() => emptyQcow2(2 ** 51 + 512)).toThrow(HostError)
  expect(() => emptyQcow2(2 ** 51 + 512)).toThrow(/a disk of \d+ bytes is larger than QEMU's qcow2 images/u)
})

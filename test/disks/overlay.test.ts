import {open} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {createOverlayCommand, writeOverlay} from '../../src/disks/overlay.js'
import {guestImage} from '../guest-image.js'
import {hostileNames} from '../qemu/hostile-names.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, fileOf} from './made-image.js'

const gibibyte = 2 ** 30

/** The path of an overlay. */
async function written(size: number): Promise<string> {
  const overlay = path.join(await temporaryDirectory(), 'overlay.qcow2')
  const file = await open(overlay, 'wx')
  await writeOverlay(file, size).finally(() => file.close())
  return overlay
}

async function asked(command: 'check' | 'info', image: string) {
  return JSON.parse(await called('qemu-img', command, '--output=json', '-f', 'qcow2', image))
}

test('the command names both formats, and does not have the base image opened', () => {
  expect(createOverlayCommand('/overlay.qcow2', '/base.qcow2', 2048).join(' ')).toBe(
    'qemu-img create -q -u -f qcow2 -F qcow2 -b /base.qcow2 /overlay.qcow2 2048',
  )
})

test.each(hostileNames)('the command makes an overlay on an image called %j', async name => {
  const overlay = path.join(await temporaryDirectory(), name)
  const [program, ...options] = createOverlayCommand(overlay, await guestImage('nano'), gibibyte)
  await called(program, ...options)
  // By standard input, as qemu-img itself would read something into such a name.
  const info = await called('sh', '-c', 'qemu-img info --output=json /dev/fd/3 3<"$1"', 'sh', overlay)
  expect(JSON.parse(info)).toMatchObject({format: 'qcow2', 'virtual-size': gibibyte})
})

test.each([
  512,
  1000,
  gibibyte / 2 + 512,
  80 * gibibyte,
  // The last with an L1 table of one cluster, and the first with one of two.
  4096 * gibibyte,
  4096 * gibibyte + 512,
  2 ** 51,
])('qemu-img finds nothing wrong with an overlay of %i bytes; it is empty and names no file', async size => {
  const overlay = await written(size)
  const {corruptions = 0, leaks = 0, 'check-errors': errors} = await asked('check', overlay)
  expect({corruptions, leaks, errors}).toEqual({corruptions: 0, leaks: 0, errors: 0})
  const info = await asked('info', overlay)
  // Whole sectors, as qemu-img makes them.
  expect(info).toMatchObject({
    'virtual-size': Math.ceil(size / 512) * 512,
    'dirty-flag': false,
    'cluster-size': 65_536,
  })
  expect(info['backing-filename']).toBeUndefined()
})

test('it is as qemu-img makes one, but for the names of features that qemu-img puts behind the header', async () => {
  const overlay = await written(10 * gibibyte)
  const theirs = path.join(await temporaryDirectory(), 'theirs.qcow2')
  await called('qemu-img', 'create', '-q', '-f', 'qcow2', theirs, '10G')
  const [own, other] = await Promise.all([asked('info', overlay), asked('info', theirs)])
  expect(own['format-specific']).toEqual(other['format-specific'])
  expect(await called('qemu-img', 'compare', '-f', 'qcow2', '-F', 'qcow2', overlay, theirs)).toContain(
    'identical',
  )
})

test('a disk that is too large is told, with the largest that can be', async () => {
  await expect(written(2 ** 51 + 512)).rejects.toMatchObject({
    name: 'HostError',
    message: `a disk of ${2 ** 51 + 512} bytes is larger than QEMU's qcow2 images can be`,
    hint: `It can have at most ${2 ** 51} bytes.`,
  })
})

test('a file that cannot be written to is told', async () => {
  const file = await open(await fileOf(''), 'r')
  await expect(writeOverlay(file, 2048).finally(() => file.close())).rejects.toMatchObject({
    name: 'HostError',
    message: expect.stringMatching(/^cannot write the overlay: EBADF/u),
  })
})

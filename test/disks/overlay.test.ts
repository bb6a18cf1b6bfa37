import {execFile} from 'node:child_process'
import {open} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {readBaseImage} from '../../src/disks/base-image.js'
import {createOverlayCommand, writeOverlay} from '../../src/disks/overlay.js'
import {HostError} from '../../src/errors/errors.js'
import {guestImage} from '../guest-image.js'
import {hostileNames} from '../qemu/hostile-names.js'
import {temporaryDirectory} from '../temporary-directory.js'

const run = promisify(execFile)

test('the command names both formats, and does not have the base image opened', () => {
  const base = {path: '/base.qcow2', virtualSize: 1024}
  expect(createOverlayCommand({path: '/overlay.qcow2', base, size: 2048}).join(' ')).toBe(
    'qemu-img create -q -u -f qcow2 -F qcow2 -b /base.qcow2 /overlay.qcow2 2048',
  )
})

test.each(hostileNames)('the command makes an overlay on an image called %j', async name => {
  const base = await readBaseImage(await guestImage('nano'))
  const overlay = {path: path.join(await temporaryDirectory(), name), base, size: 2 * base.virtualSize}
  const [program, ...options] = createOverlayCommand(overlay)
  await run(program, options)
  // By standard input, as qemu-img itself would read something into such a name.
  const {stdout} = await run('sh', ['-c', 'qemu-img info --output=json /dev/fd/3 3<"$1"', 'sh', overlay.path])
  expect(JSON.parse(stdout)).toMatchObject({format: 'qcow2', 'virtual-size': overlay.size})
})

test('one is written that has the size and names no file', async () => {
  const name = path.join(await temporaryDirectory(), 'overlay.qcow2')
  const file = await open(name, 'wx')
  await writeOverlay(file, 2048)
  await file.close()
  const {stdout} = await run('qemu-img', ['info', '--output=json', name])
  expect(JSON.parse(stdout)).toMatchObject({format: 'qcow2', 'virtual-size': 2048})
  expect(JSON.parse(stdout)).not.toHaveProperty('backing-filename')
})

test('a file that cannot be written to is told', async () => {
  const name = path.join(await temporaryDirectory(), 'overlay.qcow2')
  await (await open(name, 'wx')).close()
  const file = await open(name, 'r')
  const error = await writeOverlay(file, 2048).catch((thrown: unknown) => thrown)
  await file.close()
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({message: expect.stringMatching(/^cannot write the overlay: EBADF/u)})
})

import {join} from 'node:path'
import {expect, test} from 'vitest'
import {readBaseImage} from '../../src/disks/base-image.js'
import {field} from '../../src/disks/qcow2.js'
import {backingNode, rootDiskArguments} from '../../src/disks/root-disk.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {guestImage} from '../guest-image.js'
import {openFiles} from '../open-files.js'
import {nanoGuest} from '../qemu/nano-guest.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, fileOf, firstL2, madeImage, numberAt, patch} from './made-image.js'

/** A base image, and what QEMU is told of the root disk on it: of the node, and of the device. */
async function rootDisk(image: string, ...allowed: readonly string[]) {
  const {top} = await readBaseImage(image, {allowed})
  const [, node = '', , device = ''] = rootDiskArguments({
    overlay: '/overlay',
    base: backingNode(top, ({path}) => path),
    device: x86_64.devices.disk,
  })
  return {node: JSON.parse(node), device: JSON.parse(device)}
}

const file = (filename: string) => ({driver: 'file', filename, 'read-only': true})

test('the guest’s disk is the overlay, and the first to boot from', async () => {
  expect((await rootDisk(await madeImage('16M'))).device).toEqual({
    driver: 'virtio-blk-pci',
    drive: 'root-disk',
    bootindex: 0,
    werror: 'stop',
    rerror: 'stop',
  })
})

test('every format is named; the overlay is not flushed, the base image is read-only and stands alone', async () => {
  const base = await madeImage('16M')
  const thrownAway = {cache: {'no-flush': true}, discard: 'unmap'}
  expect((await rootDisk(base)).node).toEqual({
    'node-name': 'root-disk',
    driver: 'qcow2',
    ...thrownAway,
    file: {driver: 'file', filename: '/overlay', ...thrownAway},
    backing: {
      'node-name': 'base-image',
      driver: 'qcow2',
      'read-only': true,
      file: file(base),
      backing: null,
    },
  })
})

test('every layer of a base image is named, with its data file, down to the last', async () => {
  const [raw, data] = [await fileOf(''), join(await temporaryDirectory(), 'data')]
  const below = await madeImage('16M', '-F', 'raw', '-b', raw)
  const base = await madeImage('16M', '-F', 'qcow2', '-b', below, '-o', `data_file=${data}`)
  // None of them is told not to flush or to shrink, and no raw one of a backing file: QEMU can give it none.
  expect((await rootDisk(base, raw, below, data)).node.backing).toEqual({
    'node-name': 'base-image',
    driver: 'qcow2',
    'read-only': true,
    file: file(base),
    'data-file': file(data),
    backing: {
      'node-name': 'backing-file-1',
      driver: 'qcow2',
      'read-only': true,
      file: file(below),
      backing: {'node-name': 'backing-file-2', driver: 'raw', 'read-only': true, file: file(raw)},
    },
  })
})

/** A guest on an image, whose files QEMU gets by their paths. */
async function guestOn(
  image: string,
  allowed: readonly string[] = [],
  action: Parameters<typeof nanoGuest>[0] = 'reset-once',
) {
  const {top} = await readBaseImage(image, {allowed})
  const base = backingNode(top, ({path}) => path)
  return await nanoGuest(action, {
    rootDisk: overlay => rootDiskArguments({overlay, base, device: x86_64.devices.disk}),
  })
}

test.each([
  ['with compressed clusters', ['-c']],
  ['compressed by zstd', ['-c', '-o', 'compression_type=zstd']],
  ['with extended entries', ['-o', 'extended_l2=on']],
  ['that is old', ['-o', 'compat=0.10']],
  ['that keeps its data in another file', ['-o', 'data_file=DATA']],
])('a guest boots from an image %s', async (_, options) => {
  const directory = await temporaryDirectory()
  const [image, data] = [join(directory, 'image.qcow2'), join(directory, 'data')]
  const written = options.map(option => option.replace('DATA', data))
  await called('qemu-img', 'convert', '-O', 'qcow2', ...written, await guestImage('nano'), image)
  const {machine, printed} = await guestOn(image, [data])
  await machine.ready()
  await machine.start()
  await printed('nano: came back')
  expect(await machine.ended).toEqual({how: 'powered-off'})
})

test('a guest boots from an image whose files are all allowed, and QEMU opens no others', async () => {
  const directory = await temporaryDirectory()
  const [raw, below, top] = [join(directory, 'raw'), join(directory, 'below'), join(directory, 'top')]
  await called('qemu-img', 'convert', '-O', 'raw', await guestImage('nano'), raw)
  await called('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', raw, below)
  await called('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', below, top)
  const {machine, printed} = await guestOn(top, [raw, below])
  await machine.ready()
  const opened = (await openFiles(machine.pid)).filter(name => name.startsWith(directory))
  expect(new Set(opened)).toEqual(new Set([raw, below, top]))
  await machine.start()
  await printed('nano: came back')
})

/** The end of a machine that the host failed, with a part of the hint. */
function failed(message: RegExp, hint: string): object {
  const told = {message: expect.stringMatching(message), hint: expect.stringContaining(hint)}
  return {how: 'failed', error: expect.objectContaining({name: 'HostError', ...told})}
}

test('a guest that comes upon damage in the base image is ended, and the error says whose it is', async () => {
  const base = join(await temporaryDirectory(), 'base.qcow2')
  await called('qemu-img', 'convert', '-O', 'qcow2', await guestImage('nano'), base)
  // Not the first one, which QEMU itself reads before it can tell of anything.
  const secondCluster = (await firstL2(base)) + 8
  await patch(base, secondCluster, {value: 0x5_02_00, width: 8})
  const {machine} = await guestOn(base, [], 'fill-disk')
  await machine.ready()
  await machine.start()
  const message = /^the base image is corrupt: Cluster allocation offset 0x50200 unaligned/u
  expect(await machine.ended).toEqual(failed(message, 'qemu-img check'))
})

test('a guest whose overlay is damaged is ended before more is lost', async () => {
  const {machine, overlay} = await nanoGuest('fill-disk')
  await machine.ready()
  // QEMU has not looked at it yet: all of the image now counts as free, its own tables as well.
  const refcountBlock = await numberAt(overlay, Number(await numberAt(overlay, field.refcountTableOffset)))
  await patch(overlay, Number(refcountBlock), {value: 0, width: 8})
  await machine.start()
  const message = /^the overlay on the base image is corrupt: Preventing invalid allocation/u
  expect(await machine.ended).toEqual(failed(message, 'memory of the host'))
})

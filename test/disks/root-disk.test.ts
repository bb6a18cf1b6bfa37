import {join} from 'node:path'
import {expect, test} from 'vitest'
import {readBaseImage} from '../../src/disks/base-image.js'
import {backingNode, rootDiskArguments} from '../../src/disks/root-disk.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {guestImage} from '../guest-image.js'
import {openFiles} from '../open-files.js'
import {nanoGuest} from '../qemu/nano-guest.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, fileOf, madeImage} from './made-image.js'

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
async function guestOn(image: string, allowed: readonly string[] = []) {
  const base = await readBaseImage(image, {allowed})
  return await nanoGuest('reset-once', {
    rootDisk: overlay =>
      rootDiskArguments({
        overlay,
        base: backingNode(base.top, ({path}) => path),
        device: x86_64.devices.disk,
      }),
  })
}

test.each([
  ['with compressed clusters', ['-c']],
  ['compressed by zstd', ['-c', '-o', 'compression_type=zstd']],
  ['with extended entries', ['-o', 'extended_l2=on']],
  ['that is old', ['-o', 'compat=0.10']],
])('a guest boots from an image %s', async (_, options) => {
  const image = join(await temporaryDirectory(), 'image.qcow2')
  await called('qemu-img', 'convert', '-O', 'qcow2', ...options, await guestImage('nano'), image)
  const {machine, printed} = await guestOn(image)
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

test('a guest boots from an image that keeps its data in another file', async () => {
  const data = join(await temporaryDirectory(), 'data')
  const image = await madeImage('64M', '-o', `data_file=${data}`)
  await called('qemu-img', 'convert', '-n', '-O', 'qcow2', await guestImage('nano'), image)
  const {machine, printed} = await guestOn(image, [data])
  await machine.ready()
  await machine.start()
  await printed('nano: came back')
  expect(await machine.ended).toEqual({how: 'powered-off'})
})

import {join} from 'node:path'
import {expect, test} from 'vitest'
import {readBaseImage} from '../../src/disks/base-image.js'
import {field} from '../../src/disks/qcow2.js'
import {backingNode, rootDiskArguments} from '../../src/disks/root-disk.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {guestImage} from '../guest-image.js'
import {nanoGuest} from '../qemu/nano-guest.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, firstL2, numberAt, patch} from './made-image.js'

test('a guest that comes upon damage in the base image is ended, and the error says whose it is', async () => {
  const base = join(await temporaryDirectory(), 'base.qcow2')
  await called('qemu-img', 'convert', '-O', 'qcow2', await guestImage('nano'), base)
  // Not the first one, which QEMU itself reads before it can tell of anything.
  const secondCluster = (await firstL2(base)) + 8
  await patch(base, secondCluster, {value: 0x5_02_00, width: 8})
  const {top} = await readBaseImage(base)
  const {machine} = await nanoGuest('fill-disk', {
    rootDisk: overlay =>
      rootDiskArguments({
        overlay,
        base: backingNode(top, ({path}) => path),
        device: x86_64.devices.disk,
      }),
  })
  await machine.ready()
  await machine.start()
  expect(await machine.ended).toEqual({
    how: 'failed',
    error: expect.objectContaining({
      name: 'HostError',
      message: expect.stringMatching(
        /^the base image is corrupt: Cluster allocation offset 0x50200 unaligned/u,
      ),
      hint: expect.stringContaining('qemu-img check'),
    }),
  })
})

test('a guest whose overlay is damaged is ended before more is lost', async () => {
  const {machine, overlay} = await nanoGuest('fill-disk')
  await machine.ready()
  // QEMU has not looked at it yet: all of the image now counts as free, its own tables as well.
  const refcountBlock = await numberAt(overlay, Number(await numberAt(overlay, field.refcountTableOffset)))
  await patch(overlay, Number(refcountBlock), {value: 0, width: 8})
  await machine.start()
  expect(await machine.ended).toEqual({
    how: 'failed',
    error: expect.objectContaining({
      name: 'HostError',
      message: expect.stringMatching(
        /^the overlay on the base image is corrupt: Preventing invalid allocation/u,
      ),
      hint: expect.stringContaining('memory of the host'),
    }),
  })
})

import {execFileSync} from 'node:child_process'
import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openBaseImage} from '../../src/disks/base-image.js'
import {firstSector} from '../../src/disks/first-sector.js'
import {guestImage} from '../guest-image.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {called, madeImage} from './made-image.js'

async function sectorOf(image: string, ...allowed: readonly string[]): Promise<Buffer | undefined> {
  const {top, close} = await openBaseImage(image, allowed)
  try {
    return await firstSector(top)
  } finally {
    await close()
  }
}

/** As qemu-img reads it. */
async function expected(image: string): Promise<Buffer> {
  const raw = join(await temporaryDirectory(), 'image.raw')
  execFileSync('qemu-img', [
    'dd',
    '-f',
    'qcow2',
    '-O',
    'raw',
    'bs=512',
    'count=1',
    `if=${image}`,
    `of=${raw}`,
  ])
  return await readFile(raw)
}

test.each([
  ['as qemu-img makes it', []],
  ['of small clusters', ['-o', 'cluster_size=512']],
  ['that is old', ['-o', 'compat=0.10']],
])('the first sector of an image %s is what qemu-img reads', async (_, options) => {
  const image = join(await temporaryDirectory(), 'image.qcow2')
  await called('qemu-img', 'convert', '-O', 'qcow2', ...options, await guestImage('nano'), image)
  const sector = await sectorOf(image)
  expect(sector).toEqual(await expected(image))
  expect(sector?.subarray(510)).toEqual(Buffer.from([0x55, 0xaa]))
})

test('an empty image has a sector of zeros', async () => {
  expect(await sectorOf(await madeImage('16M'))).toEqual(Buffer.alloc(512))
})

test('what an image does not hold itself its backing file does, and zeros hide it', async () => {
  const directory = await temporaryDirectory()
  const image = join(directory, 'image.qcow2')
  const below = join(directory, 'below.raw')
  await writeFile(below, Buffer.alloc(1_048_576, 'x'))
  await called('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', below, image)
  expect(await sectorOf(image, below)).toEqual(Buffer.alloc(512, 'x'))
  await called('qemu-io', '-f', 'qcow2', '-c', 'write -z 0 64k', image)
  expect(await sectorOf(image, below)).toEqual(Buffer.alloc(512))
})

test('of a compressed one nothing is said', async () => {
  const image = join(await temporaryDirectory(), 'image.qcow2')
  await called('qemu-img', 'convert', '-c', '-O', 'qcow2', await guestImage('nano'), image)
  expect(await sectorOf(image)).toBeUndefined()
})

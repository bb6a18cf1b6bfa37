import type {VmrunError} from '../errors/errors.js'
import {AbsentImageError, imageError} from './image-error.js'
import type {ImageFile} from './layers.js'
import {readBytes} from './open-file.js'
import {damaged, truncated} from './qcow2-checks.js'
import {feature, type Qcow2Header} from './qcow2-header.js'

/** Of the upper half of an entry: the part of an offset, and the bit of a compressed cluster. */
const upperOffset = 0x00_ff_ff_ff
const upperCompressed = 0x40_00_00_00
const lowerOffset = 0xff_ff_fe_00
const twoTo32 = 2 ** 32

/**
 * How many L2 tables are looked at, and how many bytes of them: enough for 4 TiB in clusters of 64 KiB that are all in use, and
 * for 256 GiB in those of 4 KiB. Whoever makes an image can have its tables say anything.
 */
const mostTables = 2 ** 17
const mostTableBytes = 2 ** 29

/**
 * Looks whether all that an image's tables lead to lies within its file. Beyond the end of a file QEMU reads zeros and
 * tells nobody: on an image whose download broke off a guest would find holes in its disk.
 *
 * @param signal gives up
 * @throws as `imageError`
 */
export async function checkTables(file: ImageFile, header: Qcow2Header, signal?: AbortSignal): Promise<void> {
  const {l1Entries, l1Offset, refcountTableOffset, clusterBits, features} = header
  const {size} = await file.handle.stat()
  const image = {path: file.path, size, clusterBits}
  const l1Length = l1Entries * 8
  if (l1Offset + BigInt(l1Length) > BigInt(size)) {
    throw cutOff(image)
  }

  checkPlace(image, Number(refcountTableOffset))
  const tables = new Set<number>()
  // QEMU follows no more of them, as the guest's disk ends there.
  const l1 = await readBytes(file, Number(l1Offset), entriesInUse(header) * 8)
  for (let at = 0; at < l1.length; at += 8) {
    tables.add(plainOffset(l1.readUInt32BE(at), l1.readUInt32BE(at + 4)))
  }

  // With an external data file the entries lead into that one.
  const isFollowed = (features & feature.externalDataFile) === 0n
  if (isFollowed && (tables.size > mostTables || tables.size * 2 ** clusterBits > mostTableBytes)) {
    throw tooLarge(file.path)
  }

  for (const offset of tables) {
    if (signal?.aborted) {
      throw outOfTime(file.path, signal.reason)
    }

    checkPlace(image, offset)
    if (offset !== 0 && isFollowed) {
      checkL2(image, await readBytes(file, offset, 2 ** clusterBits), entryLength(header))
    }
  }
}

/** The length of an entry of an L2 table, in bytes. */
function entryLength({features}: Qcow2Header): number {
  return (features & feature.extendedL2) === 0n ? 8 : 16
}

/** How many L2 tables it takes to describe the guest's disk. */
function entriesInUse(header: Qcow2Header): number {
  const clusterSize = 2 ** header.clusterBits
  const entriesPerL2 = clusterSize / entryLength(header)
  return Math.ceil(Number(header.virtualSize) / (clusterSize * entriesPerL2))
}

interface Image {
  readonly path: string
  /** Of the file, in bytes. */
  readonly size: number
  readonly clusterBits: number
}

/** With numbers of two halves: a large image has millions of entries, for which bigints take seconds. */
function checkL2(image: Image, table: Buffer, length: number): void {
  const clusterSize = 2 ** image.clusterBits
  for (let at = 0; at + length <= table.length; at += length) {
    const upper = table.readUInt32BE(at)
    const lower = table.readUInt32BE(at + 4)
    // A compressed cluster may begin anywhere.
    const isCompressed = (upper & upperCompressed) !== 0
    const offset = isCompressed
      ? compressedOffset(upper, lower, image.clusterBits)
      : plainOffset(upper, lower)
    if (offset >= image.size || (!isCompressed && offset % clusterSize !== 0)) {
      checkPlace(image, offset)
    }
  }
}

/** @throws as `imageError` when nothing can begin at `offset` */
function checkPlace(image: Image, offset: number): void {
  if (offset >= image.size) {
    throw cutOff(image)
  }

  if (offset % 2 ** image.clusterBits !== 0) {
    throw damaged(image.path, `one of its tables leads to a place where no cluster begins, ${offset}`)
  }
}

function cutOff({path, size}: Image): VmrunError {
  return truncated(path, `its tables lead beyond its end, at ${size} bytes`)
}

const tablesHint =
  'Look whether it is what it should be: qemu-img info -f qcow2 IMAGE. A copy has only the tables that it needs: ' +
  'qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE'

function tooLarge(path: string): VmrunError {
  return imageError(path, 'has more tables than vmrun looks at', tablesHint)
}

function outOfTime(path: string, cause: unknown): VmrunError {
  return new AbsentImageError(
    `the image ${path} has more tables than can be looked at in the time that there is`,
    {fault: 'unreadable', hint: tablesHint, cause},
  )
}

/** 0 for what is not allocated: there lies the header. */
function plainOffset(upper: number, lower: number): number {
  return (upper & upperOffset) * twoTo32 + ((lower & lowerOffset) >>> 0)
}

/** How many of the 62 bits are the offset's depends on the size of clusters; the rest is a length. */
function compressedOffset(upper: number, lower: number, clusterBits: number): number {
  const upperBits = 62 - (clusterBits - 8) - 32
  return (upper & (2 ** upperBits - 1)) * twoTo32 + lower
}

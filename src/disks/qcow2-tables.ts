import {type ImageFile, type ImageLayer, imageError, readBytes} from './image-file.js'
import {entrySize, type Qcow2Image, truncated} from './qcow2.js'

/**
 * Of the upper half of an entry (QEMU, docs/interop/qcow2.txt, "L2 table entry", "Standard Cluster Descriptor"): bits 9 to 55
 * are an offset, and bit 62 says that the cluster is compressed. In halves, as bigints take seconds for the millions of
 * entries of a large image.
 */
const upperOffset = 0x00_ff_ff_ff
const upperCompressed = 0x40_00_00_00
const lowerOffset = 0xff_ff_fe_00
/** "Standard Cluster Descriptor": the cluster reads as zeros. */
const lowerZero = 1
/** There lies the header. */
const notAllocated = 0
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
 * @param signal gives up, with its reason
 * @throws as `imageError`
 */
export async function checkTables(file: ImageFile, image: Qcow2Image, signal?: AbortSignal): Promise<void> {
  const {l1Entries, l1EntriesInUse, l1Offset, clusterSize, dataFile} = image
  const {size} = await file.handle.stat()
  const expectWithin = (end: number): void => {
    if (end > size) {
      throw truncated(file.path, `its tables lead beyond its end, at ${size} bytes`)
    }
  }

  expectWithin(l1Offset + l1Entries * entrySize)
  // QEMU follows no more of them, as the guest's disk ends there.
  const l1 = await readBytes(file, l1Offset, l1EntriesInUse * entrySize)
  const tables = new Set<number>()
  for (let at = 0; at < l1.length; at += entrySize) {
    tables.add(standardOffset(l1, at))
  }

  tables.delete(notAllocated)
  // With an external data file the entries of L2 tables lead into that one.
  const isFollowed = dataFile === undefined
  if (isFollowed && (tables.size > mostTables || tables.size * clusterSize > mostTableBytes)) {
    throw imageError(
      file.path,
      'has more tables than vmrun looks at',
      'Look whether it is what it should be: qemu-img info -f qcow2 IMAGE. A copy has only the tables that it needs: ' +
        'qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE',
    )
  }

  for (const offset of tables) {
    signal?.throwIfAborted()
    expectWithin(offset + 1)
    if (isFollowed) {
      expectWithin(farthestOf(await readBytes(file, offset, clusterSize), image) + 1)
    }
  }
}

/** The farthest place that an L2 table leads to. */
function farthestOf(table: Buffer, {l2EntrySize, clusterBits}: Qcow2Image): number {
  let farthest = 0
  for (let at = 0; at + l2EntrySize <= table.length; at += l2EntrySize) {
    const place = isCompressed(table, at)
      ? compressedOffset(table, at, clusterBits)
      : standardOffset(table, at)
    farthest = Math.max(farthest, place)
  }

  return farthest
}

const sectorSize = 512

/**
 * The first sector of the disk that a guest finds on a base image, which was looked at.
 *
 * @returns undefined where it takes more than a look at three places: with further files, compressed, in parts of clusters
 * @throws HostError when a file cannot be read
 */
export async function firstSector({file, qcow2, backing, dataFile}: ImageLayer): Promise<Buffer | undefined> {
  if (qcow2?.l2EntrySize !== entrySize || backing !== undefined || dataFile !== undefined) {
    return
  }

  const table = standardOffset(await entryAt(file, qcow2.l1Offset), 0)
  const entry = table === notAllocated ? Buffer.alloc(entrySize) : await entryAt(file, table)
  if (isCompressed(entry, 0)) {
    return
  }

  const place = standardOffset(entry, 0)
  const isZero = place === notAllocated || (entry.readUInt32BE(4) & lowerZero) !== 0
  return isZero ? Buffer.alloc(sectorSize) : await readBytes(file, place, sectorSize)
}

/** Beyond the end of a file there are zeros, as to QEMU. */
async function entryAt(file: ImageFile, offset: number): Promise<Buffer> {
  return Buffer.concat([await readBytes(file, offset, entrySize)], entrySize)
}

function standardOffset(table: Buffer, at: number): number {
  const lower = (table.readUInt32BE(at + 4) & lowerOffset) >>> 0
  return (table.readUInt32BE(at) & upperOffset) * twoTo32 + lower
}

function isCompressed(table: Buffer, at: number): boolean {
  return (table.readUInt32BE(at) & upperCompressed) !== 0
}

/** "Compressed Clusters Descriptor": how many bits are the offset's depends on the size of clusters; the rest is a length. */
function compressedOffset(table: Buffer, at: number, clusterBits: number): number {
  const upperBits = 62 - (clusterBits - 8) - 32
  return (table.readUInt32BE(at) & (2 ** upperBits - 1)) * twoTo32 + table.readUInt32BE(at + 4)
}

import {HostError} from '../errors/errors.js'
import {magic} from './qcow2-header.js'

/**
 * An image of which nothing is written yet, as the format's specification has it (QEMU, docs/interop/qcow2.txt). It is a
 * few numbers, so that no program has to be called for it. Its clusters: the header, the table of reference counts, the
 * first block of these, and the L1 table.
 */
const clusterBits = 16
const clusterSize = 2 ** clusterBits
const version = 3
const headerLength = 112
/** Of a reference count, as a power of two: 16 bits. */
const refcountOrder = 4

const refcountTable = clusterSize
const refcountBlock = 2 * clusterSize
const l1Table = 3 * clusterSize

const entrySize = 8
/** What an L2 table, which fills a cluster, stands for. */
const bytesOfL1Entry = (clusterSize / entrySize) * clusterSize
/** QEMU, block/qcow2.h: QCOW_MAX_L1_SIZE. */
const longestL1Table = 32 * 2 ** 20

const sectorSize = 512

/** Bytes at a place in a file; what lies between such is zero. */
export interface Part {
  readonly offset: number
  readonly content: Buffer
}

/**
 * An image of version 3 without content and without a backing file.
 *
 * @param size of the disk that the guest sees, in bytes; rounded up to whole sectors, as qemu-img does
 * @returns what is not zero in the file, and the file's length in bytes
 * @throws HostError when the format holds no such disk
 */
export function emptyQcow2(size: number): {readonly parts: readonly Part[]; readonly length: number} {
  const entries = Math.ceil(size / bytesOfL1Entry)
  if (entries * entrySize > longestL1Table) {
    throw new HostError(`a disk of ${size} bytes is larger than QEMU's qcow2 images can be`, {
      hint: `It can have at most ${(longestL1Table / entrySize) * bytesOfL1Entry} bytes.`,
    })
  }

  const clusters = l1Table / clusterSize + Math.ceil((entries * entrySize) / clusterSize)
  return {
    parts: [
      {offset: 0, content: header(Math.ceil(size / sectorSize) * sectorSize, entries)},
      {offset: refcountTable, content: bigEndian64(refcountBlock)},
      {offset: refcountBlock, content: Buffer.alloc(2 * clusters, Buffer.from([0, 1]))},
    ],
    length: clusters * clusterSize,
  }
}

function header(size: number, l1Entries: number): Buffer {
  const bytes = Buffer.alloc(headerLength)
  bytes.writeUInt32BE(magic, 0)
  bytes.writeUInt32BE(version, 4)
  bytes.writeUInt32BE(clusterBits, 20)
  bytes.writeBigUInt64BE(BigInt(size), 24)
  bytes.writeUInt32BE(l1Entries, 36)
  bytes.writeBigUInt64BE(BigInt(l1Table), 40)
  bytes.writeBigUInt64BE(BigInt(refcountTable), 48)
  bytes.writeUInt32BE(1, 56)
  bytes.writeUInt32BE(refcountOrder, 96)
  bytes.writeUInt32BE(headerLength, 100)
  return bytes
}

function bigEndian64(value: number): Buffer {
  const bytes = Buffer.alloc(entrySize)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

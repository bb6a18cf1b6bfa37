import type {FileHandle} from 'node:fs/promises'
import {HostError} from '../errors/errors.js'
import {failedCall} from '../host/resource-hint.js'
import {otherWorkDirectory} from '../host/work-directory.js'
import type {Command} from '../qemu/fence/confine.js'
import {entrySize, field, largestL1Table, magic} from './qcow2.js'

/**
 * The command that makes an overlay by hand. The formats are named and never probed, and the base image is not opened at
 * all (`-u`): qemu-img has no sandbox.
 *
 * @param size in bytes
 */
export function createOverlayCommand(path: string, base: string, size: number): Command {
  return ['qemu-img', 'create', '-q', '-u', '-f', 'qcow2', '-F', 'qcow2', '-b', base, path, String(size)]
}

/**
 * Makes an overlay in an open, empty file: a qcow2 image of which nothing is written yet. That is a few numbers, so that no
 * program has to be called for it. It names no backing file: QEMU is told of it when it opens the overlay.
 *
 * @param size of the disk that the guest sees, in bytes; rounded up to whole sectors, as qemu-img does
 * @throws HostError, also when the format holds no such disk
 */
export async function writeOverlay(file: FileHandle, size: number): Promise<void> {
  const l1Entries = Math.ceil(size / bytesOfL1Entry)
  if (l1Entries * entrySize > largestL1Table) {
    throw new HostError(`a disk of ${size} bytes is larger than QEMU's qcow2 images can be`, {
      hint: `It can have at most ${(largestL1Table / entrySize) * bytesOfL1Entry} bytes.`,
    })
  }

  const clusters = place.l1Table / clusterSize + Math.ceil((l1Entries * entrySize) / clusterSize)
  const refcountTable = Buffer.alloc(entrySize)
  refcountTable.writeBigUInt64BE(BigInt(place.refcountBlock))
  const parts: readonly (readonly [number, Buffer])[] = [
    [0, header(Math.ceil(size / sectorSize) * sectorSize, l1Entries)],
    [place.refcountTable, refcountTable],
    // Each of the clusters is in use once.
    [place.refcountBlock, Buffer.alloc(2 * clusters, Buffer.from([0, 1]))],
  ]
  try {
    for (const [offset, content] of parts) {
      await file.write(content, 0, content.length, offset)
    }

    await file.truncate(clusters * clusterSize)
  } catch (error) {
    throw failedCall('cannot write the overlay', error, otherWorkDirectory)
  }
}

const sectorSize = 512
const clusterBits = 16
const clusterSize = 2 ** clusterBits
const version = 3
const headerLength = 112
/** Of a reference count, as a power of two: 16 bits. */
const refcountOrder = 4
/** What an L2 table, which fills a cluster, stands for. */
const bytesOfL1Entry = (clusterSize / entrySize) * clusterSize

/** Where its parts begin, each in a cluster of its own (QEMU, docs/interop/qcow2.txt, "Host cluster management"). */
const place = {refcountTable: clusterSize, refcountBlock: 2 * clusterSize, l1Table: 3 * clusterSize}

function header(size: number, l1Entries: number): Buffer {
  const bytes = Buffer.alloc(headerLength)
  bytes.writeUInt32BE(magic, field.magic)
  bytes.writeUInt32BE(version, field.version)
  bytes.writeUInt32BE(clusterBits, field.clusterBits)
  bytes.writeBigUInt64BE(BigInt(size), field.virtualSize)
  bytes.writeUInt32BE(l1Entries, field.l1Entries)
  bytes.writeBigUInt64BE(BigInt(place.l1Table), field.l1Offset)
  bytes.writeBigUInt64BE(BigInt(place.refcountTable), field.refcountTableOffset)
  bytes.writeUInt32BE(1, field.refcountTableClusters)
  bytes.writeUInt32BE(refcountOrder, field.refcountOrder)
  bytes.writeUInt32BE(headerLength, field.headerLength)
  return bytes
}

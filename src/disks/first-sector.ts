import type {ImageFile, ImageLayer} from './layers.js'
import {readBytes} from './open-file.js'
import {feature, parseQcow2Header} from './qcow2-header.js'

const sectorSize = 512

/** Of the entries of L1 and L2 tables (QEMU, docs/interop/qcow2.txt, "Cluster mapping"). */
const offsetBits = 0x00_ff_ff_ff_ff_ff_fe_00n
const compressedBit = 1n << 62n
const zeroBit = 1n

/**
 * The first sector of the disk that a guest finds on a base image, which was looked at.
 *
 * @returns undefined where it takes more than a look at three places: compressed, in parts of clusters, in a data file
 * @throws HostError when a file cannot be read
 */
export async function firstSector({
  file,
  format,
  backing,
  dataFile,
}: ImageLayer): Promise<Buffer | undefined> {
  if (format === 'raw') {
    return await readBytes(file, 0, sectorSize)
  }

  const header = parseQcow2Header(await readBytes(file, 0, sectorSize))
  if (header === undefined || dataFile !== undefined || (header.features & feature.extendedL2) !== 0n) {
    return
  }

  const table = (await numberAt(file, header.l1Offset)) & offsetBits
  const entry = table === 0n ? 0n : await numberAt(file, table)
  if ((entry & compressedBit) !== 0n) {
    return
  }

  const place = entry & offsetBits
  if ((entry & zeroBit) !== 0n || (place === 0n && backing === undefined)) {
    return Buffer.alloc(sectorSize)
  }

  return backing !== undefined && place === 0n
    ? await firstSector(backing)
    : await readBytes(file, Number(place), sectorSize)
}

/** Beyond the end of a file there are zeros, as to QEMU. */
async function numberAt(file: ImageFile, place: bigint): Promise<bigint> {
  const bytes = await readBytes(file, Number(place), 8)
  return bytes.length < 8 ? 0n : bytes.readBigUInt64BE()
}

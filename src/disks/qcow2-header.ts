/** What the header of a qcow2 image says (QEMU, docs/interop/qcow2.txt). Offsets and lengths in bytes. */
export interface Qcow2Header {
  readonly version: number
  /** What the guest sees, in bytes. */
  readonly virtualSize: bigint
  readonly clusterBits: number
  /** 0: none, 1: AES, 2: LUKS. */
  readonly encryption: number
  readonly l1Entries: number
  readonly l1Offset: bigint
  readonly refcountTableOffset: bigint
  readonly refcountTableClusters: number
  /** The width of a reference count, as a power of two, in bits. */
  readonly refcountOrder: number
  /** What a program has to know to read the image; a bit for each. */
  readonly features: bigint
  /** 0: deflate, 1: zstd. */
  readonly compressionType: number
  readonly length: number
  readonly backingName: {readonly offset: bigint; readonly length: number}
}

/** "QFI\xfb" */
export const magic = 0x51_46_49_fb
const lengthOfVersion2 = 72
const shortestOfVersion3 = 104

/** Bits of the incompatible features. */
export const feature = {
  dirty: 1n << 0n,
  corrupt: 1n << 1n,
  externalDataFile: 1n << 2n,
  compressionType: 1n << 3n,
  extendedL2: 1n << 4n,
} as const

/** The version of the format that a file claims to be of; undefined where it is not of this family at all. */
export function qcowVersion(start: Buffer): number | undefined {
  return start.length >= 8 && start.readUInt32BE(0) === magic ? start.readUInt32BE(4) : undefined
}

/** The header of an image of version 2 or 3; undefined where the file ends within it. */
export function parseQcow2Header(start: Buffer): Qcow2Header | undefined {
  const version = qcowVersion(start) ?? 0
  if (start.length < (version >= 3 ? shortestOfVersion3 : lengthOfVersion2)) {
    return
  }

  const length = version >= 3 ? start.readUInt32BE(100) : lengthOfVersion2
  return {
    version,
    backingName: {offset: start.readBigUInt64BE(8), length: start.readUInt32BE(16)},
    clusterBits: start.readUInt32BE(20),
    virtualSize: start.readBigUInt64BE(24),
    encryption: start.readUInt32BE(32),
    l1Entries: start.readUInt32BE(36),
    l1Offset: start.readBigUInt64BE(40),
    refcountTableOffset: start.readBigUInt64BE(48),
    refcountTableClusters: start.readUInt32BE(56),
    features: version >= 3 ? start.readBigUInt64BE(72) : 0n,
    refcountOrder: version >= 3 ? start.readUInt32BE(96) : 4,
    compressionType: length > shortestOfVersion3 ? (start[shortestOfVersion3] ?? 0) : 0,
    length,
  }
}

import {decryptHint, foreignFormat, tellingLength} from './foreign-format.js'
import {type ImageFile, imageError, readBytes} from './image-file.js'

// The sections that are named below are those of QEMU, docs/interop/qcow2.txt. Numbers are big-endian, places in bytes.

/** Where the fields of a header are ("Header"; the last one: "Additional fields"). */
export const field = {
  magic: 0,
  version: 4,
  backingOffset: 8,
  backingLength: 16,
  clusterBits: 20,
  virtualSize: 24,
  encryption: 32,
  l1Entries: 36,
  l1Offset: 40,
  refcountTableOffset: 48,
  refcountTableClusters: 56,
  incompatibleFeatures: 72,
  refcountOrder: 96,
  headerLength: 100,
  compressionType: 104,
} as const

/** "Header", magic: "QFI\xfb". */
export const magic = 0x51_46_49_fb
const [lengthOfVersion2, shortestOfVersion3] = [72, 104]

/** "Header", incompatible_features. */
const feature = {
  dirty: 1n << 0n,
  corrupt: 1n << 1n,
  externalDataFile: 1n << 2n,
  compressionType: 1n << 3n,
  extendedL2: 1n << 4n,
} as const

const knownFeatures = Object.values(feature).reduce((all, bit) => all | bit, 0n)

/** "L1 table entry" and "L2 table entry", "Extended L2 Entries". */
export const entrySize = 8
const extendedEntrySize = 16

/** "Header", cluster_bits; the upper limit is QEMU's own. */
const clusterBitLimits = {least: 9, leastOfExtendedL2: 14, most: 21}
/** "Header", size: a limit of QEMU's own. */
export const largestL1Table = 32 * 2 ** 20
/** "Header", crypt_method: LUKS. */
const highestEncryption = 2
/** "Additional fields", compression_type: zstd. */
const highestCompressionType = 1

/** "Header extensions". */
const endOfExtensions = 0
const backingFormat = 0xe2_79_2a_ca
const dataFileName = 0x44_41_54_41

/** What a qcow2 image that QEMU can read says of itself. */
export type Qcow2Image = Header & NamedFiles

/** The image on which one stands, as it names that. */
export interface BackingFile {
  readonly name: string
  readonly format: string | undefined
}

/** The files beside itself that an image names. */
interface NamedFiles {
  readonly backing?: BackingFile
  /** The name of its external data file; empty where it has one and does not name it. */
  readonly dataFile?: string
}

/**
 * Reads what a qcow2 image says of itself. It reads this one file and follows nothing that the file says. QEMU refuses
 * more, such as reference counts that make no sense, and does so by itself.
 *
 * @throws as `imageError` when it is no qcow2 image, or QEMU could not read it, or would read nonsense
 */
export async function readQcow2(file: ImageFile): Promise<Qcow2Image> {
  const {path} = file
  const start = await readBytes(file, 0, tellingLength)
  const isQcow = start.length >= 8 && start.readUInt32BE(field.magic) === magic
  const version = isQcow ? start.readUInt32BE(field.version) : 0
  if (version < 2) {
    throw foreignFormat(path, start)
  }

  // Where the file ends within its header, what is missing makes no sense.
  const header = parse(version, Buffer.concat([start], tellingLength))
  if (isOfNewerQemu(header)) {
    throw imageError(
      path,
      'was made by a newer QEMU: it uses features that are not known',
      'Convert it with that QEMU: qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE',
    )
  }

  if (header.encryption > 0) {
    const hint = decryptHint('driver=qcow2,encrypt.key-secret=key,file.filename=IMAGE')
    throw imageError(path, 'is encrypted', hint)
  }

  if ((header.features & feature.corrupt) !== 0n) {
    throw imageError(
      path,
      'is marked as corrupt',
      'Repair a copy of it, and see whether the guest still boots: qemu-img check -f qcow2 -r all COPY',
    )
  }

  const named = makesSense(header) && namedFiles(header, await readBytes(file, 0, header.clusterSize))
  if (!named) {
    throw imageError(
      path,
      'is damaged: its header makes no sense',
      'Copy or download it again. qemu-img check -f qcow2 IMAGE tells more.',
    )
  }

  return {...header, ...named}
}

/** What is wrong with an image whose file ends too early. */
export function truncated(path: string, what: string): Error {
  return imageError(path, `is truncated: ${what}`, 'Copy or download it again.')
}

function leastLength(version: number): number {
  return version === 2 ? lengthOfVersion2 : shortestOfVersion3
}

type Header = Readonly<ReturnType<typeof parse>>

/** Sizes in bytes. A number that is too large to be exact is refused, or lies beyond the end of every file. */
function parse(version: number, start: Buffer) {
  const isOld = version === 2
  const length = isOld ? lengthOfVersion2 : start.readUInt32BE(field.headerLength)
  const features = isOld ? 0n : start.readBigUInt64BE(field.incompatibleFeatures)
  const clusterBits = start.readUInt32BE(field.clusterBits)
  const clusterSize = 2 ** clusterBits
  const virtualSize = Number(start.readBigUInt64BE(field.virtualSize))
  const l2EntrySize = (features & feature.extendedL2) === 0n ? entrySize : extendedEntrySize
  return {
    ...{version, length, features, clusterBits, clusterSize, l2EntrySize},
    /** What the guest sees. */
    virtualSize,
    encryption: start.readUInt32BE(field.encryption),
    compressionType: length > field.compressionType ? (start[field.compressionType] ?? 0) : 0,
    l1Entries: start.readUInt32BE(field.l1Entries),
    /** How many of them it takes to describe the guest's disk. */
    l1EntriesInUse: Math.ceil(virtualSize / (clusterSize * (clusterSize / l2EntrySize))),
    l1Offset: Number(start.readBigUInt64BE(field.l1Offset)),
    backingOffset: Number(start.readBigUInt64BE(field.backingOffset)),
    backingLength: start.readUInt32BE(field.backingLength),
  }
}

function isOfNewerQemu({version, features, compressionType, encryption}: Header): boolean {
  return (
    version > 3 ||
    (features & ~knownFeatures) !== 0n ||
    compressionType > highestCompressionType ||
    encryption > highestEncryption
  )
}

/** Whether somebody can work with it: what is read, and kept in memory, is as long as it says. */
function makesSense(header: Header): boolean {
  const {version, length, virtualSize, clusterBits, clusterSize, l1Entries, l1EntriesInUse} = header
  const {least, leastOfExtendedL2, most} = clusterBitLimits
  const leastBits = header.l2EntrySize === extendedEntrySize ? leastOfExtendedL2 : least
  return (
    clusterBits >= leastBits &&
    clusterBits <= most &&
    length >= leastLength(version) &&
    length <= clusterSize &&
    virtualSize <= Number.MAX_SAFE_INTEGER &&
    l1Entries >= l1EntriesInUse &&
    l1Entries * entrySize <= largestL1Table
  )
}

/** The files that an image names, by its first cluster; undefined where a part of its header goes beyond that. */
function namedFiles(header: Header, cluster: Buffer): NamedFiles | undefined {
  const {length, features, backingOffset, backingLength} = header
  // Without a backing file the field of its length says nothing.
  const nameAt = backingOffset === 0 ? cluster.length : backingOffset
  const nameEnd = backingOffset === 0 ? nameAt : nameAt + backingLength
  const extensions = nameEnd > cluster.length ? undefined : readExtensions(cluster.subarray(length, nameAt))
  if (extensions === undefined) {
    return
  }

  // QEMU takes an empty name for none.
  const name = textOf(cluster.subarray(nameAt, nameEnd))
  return {
    ...(name !== '' && {backing: {name, format: extensions.get(backingFormat)}}),
    ...((features & feature.externalDataFile) !== 0n && {dataFile: extensions.get(dataFileName) ?? ''}),
  }
}

/** Undefined where one of them goes beyond the area. */
function readExtensions(area: Buffer): ReadonlyMap<number, string> | undefined {
  const extensions = new Map<number, string>()
  let offset = 0
  while (offset + 8 <= area.length) {
    const [type, length] = [area.readUInt32BE(offset), area.readUInt32BE(offset + 4)]
    if (type === endOfExtensions) {
      break
    }

    const start = offset + 8
    if (start + length > area.length) {
      return
    }

    extensions.set(type, textOf(area.subarray(start, start + length)))
    offset = start + Math.ceil(length / 8) * 8
  }

  return extensions
}

/** QEMU takes names for strings of C. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.subarray(0, end === -1 ? bytes.length : end).toString()
}

import {rootRecord} from './directories.js'
import {
  asciiField,
  bothByteOrders16,
  bothByteOrders32,
  SECTOR,
  type TextField,
  UNSPECIFIED_DATE,
  ucs2Field,
  volumeDate,
} from './fields.js'

/** What the volume descriptors say of the volume. */
interface Volume {
  readonly id: string
  readonly sectors: number
  readonly modified: Date
}

/** Where the parts of a hierarchy lie, in sectors. */
interface Hierarchy {
  readonly pathTableL: number
  readonly pathTableM: number
  readonly root: number
}

const SUPPLEMENTARY = 2
const PRIMARY = 1
const TERMINATOR = 255

/** Joliet, "SVD Escape Sequences Field": UCS-2, level 3. */
const UCS2_LEVEL_3 = '%/E'

/** Bytes that a path table has: one record, the root directory's. */
const PATH_TABLE_SIZE = 10

/**
 * The primary volume descriptor (ECMA-119, 8.4), the supplementary one that makes a Joliet hierarchy (8.5), and what ends
 * them (8.3), a sector each. The primary one's volume identifier keeps its case, although lower case is outside the
 * d-characters: everyone finds a volume by comparing this field byte for byte. Joliet's has room for 16 characters;
 * readers take the longer one when these are its beginning.
 */
export function volumeDescriptors(volume: Volume, primary: Hierarchy, joliet: Hierarchy): Buffer {
  const supplementary = volumeDescriptor(SUPPLEMENTARY, volume, joliet, ucs2Field)
  supplementary.write(UCS2_LEVEL_3, 88, 'ascii')
  return Buffer.concat([
    volumeDescriptor(PRIMARY, volume, primary, asciiField),
    supplementary,
    emptyDescriptor(TERMINATOR),
  ])
}

function emptyDescriptor(type: number): Buffer {
  const descriptor = Buffer.alloc(SECTOR)
  descriptor.writeUInt8(type, 0)
  descriptor.write('CD001', 1, 'ascii')
  descriptor.writeUInt8(1, 6)
  return descriptor
}

function volumeDescriptor(type: number, volume: Volume, hierarchy: Hierarchy, field: TextField): Buffer {
  const descriptor = emptyDescriptor(type)
  // ECMA-119, 8.4.5, 8.4.6 and 8.4.19 to 8.4.25: offset, length and text. What is left blank is not specified.
  const identifiers = {
    system: [8, 32, ''],
    volume: [40, 32, volume.id],
    volumeSet: [190, 128, ''],
    publisher: [318, 128, ''],
    preparer: [446, 128, 'VMRUN'],
    application: [574, 128, 'VMRUN'],
    copyright: [702, 37, ''],
    abstract: [739, 37, ''],
    bibliography: [776, 37, ''],
  } as const
  for (const [offset, length, text] of Object.values(identifiers)) {
    field(text, length).copy(descriptor, offset)
  }

  // 8.4.8 to 8.4.18: one volume in its set; the second tables of 8.4.15 and 8.4.17 are left out.
  bothByteOrders32(volume.sectors).copy(descriptor, 80)
  const [setSize, sequenceNumber] = [1, 1]
  bothByteOrders16(setSize).copy(descriptor, 120)
  bothByteOrders16(sequenceNumber).copy(descriptor, 124)
  bothByteOrders16(SECTOR).copy(descriptor, 128)
  bothByteOrders32(PATH_TABLE_SIZE).copy(descriptor, 132)
  descriptor.writeUInt32LE(hierarchy.pathTableL, 140)
  descriptor.writeUInt32BE(hierarchy.pathTableM, 148)
  rootRecord(hierarchy.root, volume.modified).copy(descriptor, 156)
  // 8.4.26 to 8.4.29: creation, modification, expiration and when it comes into effect.
  const date = volumeDate(volume.modified)
  Buffer.concat([date, date, UNSPECIFIED_DATE, UNSPECIFIED_DATE]).copy(descriptor, 813)
  descriptor.writeUInt8(1, 881)
  return descriptor
}

/**
 * The path tables of a hierarchy that has a root directory only, a sector each: Type L and, with its numbers the other way
 * round, Type M (ECMA-119, 6.9 and 9.4). The identifier has one byte, which is zero; a padding byte follows it (9.4.6).
 */
export function pathTables({root}: Hierarchy): Buffer {
  const [identifierLength, parent] = [1, 1]
  const tables = Buffer.alloc(2 * SECTOR)
  for (const table of [0, SECTOR]) {
    tables.writeUInt8(identifierLength, table)
  }

  tables.writeUInt32LE(root, 2)
  tables.writeUInt16LE(parent, 6)
  tables.writeUInt32BE(root, SECTOR + 2)
  tables.writeUInt16BE(parent, SECTOR + 6)
  return tables
}

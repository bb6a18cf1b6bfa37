import {UNSPECIFIED_DATE, volumeDate} from './dates.js'
import {selfRecord} from './directory-records.js'
import {bothByteOrders16, bothByteOrders32} from './numbers.js'
import {PATH_TABLE_SIZE} from './path-table.js'
import {SECTOR} from './sectors.js'
import {asciiField, type TextField, ucs2Field} from './text.js'

/** What a volume descriptor says of the volume. Locations are in sectors. */
export interface Volume {
  readonly id: string
  readonly sectors: number
  readonly modified: Date
  readonly pathTableL: number
  readonly pathTableM: number
  readonly root: number
}

const SUPPLEMENTARY = 2
const PRIMARY = 1
const TERMINATOR = 255

/** Joliet, "SVD Escape Sequences Field": UCS-2, level 3. */
const UCS2_LEVEL_3 = '%/E'

/**
 * The primary volume descriptor (ECMA-119, 8.4). Its volume identifier keeps its case, although lower case is
 * outside the d-characters: everyone finds a volume by comparing this field byte for byte.
 */
export function primaryVolumeDescriptor(volume: Volume): Buffer {
  return volumeDescriptor(PRIMARY, volume, asciiField)
}

/**
 * The supplementary volume descriptor that makes a Joliet hierarchy (ECMA-119, 8.5). Of the volume identifier it
 * has room for 16 characters; readers take the longer one of the primary descriptor when these are its beginning.
 */
export function jolietVolumeDescriptor(volume: Volume): Buffer {
  const descriptor = volumeDescriptor(SUPPLEMENTARY, volume, ucs2Field)
  descriptor.write(UCS2_LEVEL_3, 88, 'ascii')
  return descriptor
}

/** Ends the volume descriptors (ECMA-119, 8.3). */
export function volumeDescriptorSetTerminator(): Buffer {
  return emptyDescriptor(TERMINATOR)
}

function emptyDescriptor(type: number): Buffer {
  const descriptor = Buffer.alloc(SECTOR)
  descriptor.writeUInt8(type, 0)
  descriptor.write('CD001', 1, 'ascii')
  descriptor.writeUInt8(1, 6)
  return descriptor
}

function volumeDescriptor(type: number, volume: Volume, field: TextField): Buffer {
  const descriptor = emptyDescriptor(type)
  writeIdentifiers(descriptor, volume, field)
  writeSizesAndPlaces(descriptor, volume)
  writeDates(descriptor, volume.modified)
  descriptor.writeUInt8(1, 881)
  return descriptor
}

/** ECMA-119, 8.4.5, 8.4.6 and 8.4.19 to 8.4.25; what is left blank is not specified. */
function writeIdentifiers(descriptor: Buffer, volume: Volume, field: TextField): void {
  const [system, volumeSet, publisher, copyright, abstract, bibliography] = ['', '', '', '', '', '']
  field(system, 32).copy(descriptor, 8)
  field(volume.id, 32).copy(descriptor, 40)
  field(volumeSet, 128).copy(descriptor, 190)
  field(publisher, 128).copy(descriptor, 318)
  const [preparer, application] = ['VMRUN', 'VMRUN']
  field(preparer, 128).copy(descriptor, 446)
  field(application, 128).copy(descriptor, 574)
  field(copyright, 37).copy(descriptor, 702)
  field(abstract, 37).copy(descriptor, 739)
  field(bibliography, 37).copy(descriptor, 776)
}

/** ECMA-119, 8.4.8 to 8.4.18: one volume in its set; the second tables of 8.4.15 and 8.4.17 are left out. */
function writeSizesAndPlaces(descriptor: Buffer, volume: Volume): void {
  bothByteOrders32(volume.sectors).copy(descriptor, 80)
  const [setSize, sequenceNumber] = [1, 1]
  bothByteOrders16(setSize).copy(descriptor, 120)
  bothByteOrders16(sequenceNumber).copy(descriptor, 124)
  bothByteOrders16(SECTOR).copy(descriptor, 128)
  bothByteOrders32(PATH_TABLE_SIZE).copy(descriptor, 132)
  descriptor.writeUInt32LE(volume.pathTableL, 140)
  descriptor.writeUInt32BE(volume.pathTableM, 148)
  const extent = {location: volume.root, size: SECTOR}
  selfRecord({extent, modified: volume.modified}).copy(descriptor, 156)
}

/** ECMA-119, 8.4.26 to 8.4.29. */
function writeDates(descriptor: Buffer, modified: Date): void {
  const [creation, modification] = [volumeDate(modified), volumeDate(modified)]
  const [expiration, effective] = [UNSPECIFIED_DATE, UNSPECIFIED_DATE]
  Buffer.concat([creation, modification, expiration, effective]).copy(descriptor, 813)
}

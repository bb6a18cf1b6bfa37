import {bothByteOrders16, bothByteOrders32, recordDate, SECTOR, ucs2} from './fields.js'
import {compareIdentifiers, primaryIdentifiers} from './names.js'
import {fileSystemUse, parentSystemUse, rootSystemUse} from './rock-ridge.js'

/** A file, and where its content lies: in sectors from the image's start, and its length in bytes. */
export interface PlacedFile {
  readonly name: string
  readonly location: number
  readonly size: number
}

interface DirectoryRecord {
  readonly identifier: Buffer
  readonly location: number
  readonly size: number
  readonly systemUse?: Buffer
}

/** The identifiers of a directory in its own records and in the root's, the same in Joliet (ECMA-119, 6.8.2.2). */
const SELF = Buffer.from([0])
const PARENT = Buffer.from([1])

const DIRECTORY_FLAG = 0b10

/** The record of the root directory in a volume descriptor (ECMA-119, 8.4.18). `location` is its own, in sectors. */
export function rootRecord(location: number, modified: Date): Buffer {
  return directoryRecord({identifier: SELF, location, size: SECTOR}, modified, DIRECTORY_FLAG)
}

/**
 * The root directory of the primary hierarchy, with Rock Ridge. `location` is its own, in sectors.
 *
 * @throws RangeError when the files do not fit
 */
export function primaryRoot(location: number, files: readonly PlacedFile[], modified: Date): Buffer {
  const identifiers = primaryIdentifiers(files.map(({name}) => name))
  const records = files
    .map((file, index) => ({...file, identifier: identifiers[index] ?? ''}))
    .toSorted((left, right) => compareIdentifiers(left.identifier, right.identifier))
    .map(({identifier, name, ...file}) => ({
      ...file,
      identifier: Buffer.from(`${identifier};1`, 'ascii'),
      systemUse: fileSystemUse(name, modified),
    }))
  return rootDirectory(records, modified, [
    {identifier: SELF, location, size: SECTOR, systemUse: rootSystemUse(modified)},
    {identifier: PARENT, location, size: SECTOR, systemUse: parentSystemUse(modified)},
  ])
}

/**
 * The root directory of the Joliet hierarchy. `location` is its own, in sectors.
 *
 * @throws RangeError when the files do not fit
 */
export function jolietRoot(location: number, files: readonly PlacedFile[], modified: Date): Buffer {
  const records = files
    .toSorted((left, right) => compareIdentifiers(left.name, right.name))
    .map(({name, ...file}) => ({...file, identifier: ucs2(name)}))
  return rootDirectory(records, modified, [
    {identifier: SELF, location, size: SECTOR},
    {identifier: PARENT, location, size: SECTOR},
  ])
}

/** A directory in the one sector that this writer gives it: itself and its parent first (ECMA-119, 6.8.2.2). */
function rootDirectory(
  files: readonly DirectoryRecord[],
  modified: Date,
  selfAndParent: readonly DirectoryRecord[],
): Buffer {
  const content = Buffer.concat([
    ...selfAndParent.map(record => directoryRecord(record, modified, DIRECTORY_FLAG)),
    ...files.map(record => directoryRecord(record, modified, 0)),
  ])
  if (content.length > SECTOR) {
    throw new RangeError(
      `files: their names take ${content.length} bytes of directory records, and there is room for ${SECTOR}`,
    )
  }
  return Buffer.concat([content], SECTOR)
}

/** ECMA-119, 9.1. */
function directoryRecord(
  {identifier, location, size, systemUse = Buffer.alloc(0)}: DirectoryRecord,
  modified: Date,
  flags: number,
): Buffer {
  const systemUseAt = evenUp(33 + identifier.length)
  const record = Buffer.alloc(evenUp(systemUseAt + systemUse.length))
  record.writeUInt8(record.length, 0)
  bothByteOrders32(location).copy(record, 2)
  bothByteOrders32(size).copy(record, 10)
  recordDate(modified).copy(record, 18)
  record.writeUInt8(flags, 25)
  bothByteOrders16(1).copy(record, 28)
  record.writeUInt8(identifier.length, 32)
  identifier.copy(record, 33)
  systemUse.copy(record, systemUseAt)
  return record
}

/** ECMA-119, 9.1.12 and 9.1.13: the padding field, and a record of even length. */
function evenUp(length: number): number {
  return length + (length % 2)
}

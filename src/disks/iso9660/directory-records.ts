import {recordDate} from './dates.js'
import {bothByteOrders16, bothByteOrders32} from './numbers.js'
import {SECTOR} from './sectors.js'

/** Where something lies in the image, and how long it is. */
export interface Extent {
  /** In sectors from the start. */
  readonly location: number
  /** In bytes. */
  readonly size: number
}

interface DirectoryRecord {
  readonly identifier: Buffer
  readonly extent: Extent
  readonly modified: Date
  readonly systemUse?: Buffer
}

/** The identifiers of a directory in its own records and in the root's, the same in Joliet (ECMA-119, 6.8.2.2). */
const SELF = Buffer.from([0])
const PARENT = Buffer.from([1])

const DIRECTORY_FLAG = 0b10

/** The record of a file (ECMA-119, 9.1). `identifier` has its version number with it. */
export function fileRecord(record: DirectoryRecord): Buffer {
  return directoryRecord(record, 0)
}

/** The record of a directory in itself, and of the root directory in a volume descriptor (ECMA-119, 8.4.18). */
export function selfRecord(record: Omit<DirectoryRecord, 'identifier'>): Buffer {
  return directoryRecord({...record, identifier: SELF}, DIRECTORY_FLAG)
}

/** The record of a directory's parent, its second one (ECMA-119, 6.8.2.2). */
export function parentRecord(record: Omit<DirectoryRecord, 'identifier'>): Buffer {
  return directoryRecord({...record, identifier: PARENT}, DIRECTORY_FLAG)
}

function directoryRecord({identifier, extent, modified, systemUse}: DirectoryRecord, flags: number): Buffer {
  const systemUseAt = evenUp(33 + identifier.length)
  const record = Buffer.alloc(evenUp(systemUseAt + (systemUse?.length ?? 0)))
  record.writeUInt8(record.length, 0)
  bothByteOrders32(extent.location).copy(record, 2)
  bothByteOrders32(extent.size).copy(record, 10)
  recordDate(modified).copy(record, 18)
  record.writeUInt8(flags, 25)
  bothByteOrders16(1).copy(record, 28)
  record.writeUInt8(identifier.length, 32)
  identifier.copy(record, 33)
  systemUse?.copy(record, systemUseAt)
  return record
}

/** ECMA-119, 9.1.12 and 9.1.13: the padding field, and a record of even length. */
function evenUp(length: number): number {
  return length + (length % 2)
}

/**
 * A directory in the one sector that this writer gives it.
 *
 * @throws RangeError when there are more records than it holds
 */
export function directorySector(records: readonly Buffer[]): Buffer {
  const content = Buffer.concat(records)
  if (content.length > SECTOR) {
    throw new RangeError(
      `files: their names take ${content.length} bytes of directory records, and there is room for ${SECTOR}`,
    )
  }
  return Buffer.concat([content], SECTOR)
}

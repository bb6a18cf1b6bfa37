/** Bytes that the table has: one record, the root directory's. */
export const PATH_TABLE_SIZE = 10

/** The Type L path table of a hierarchy that has a root directory only (ECMA-119, 6.9.1 and 9.4). */
export function pathTableL(rootLocation: number): Buffer {
  const table = rootRecord()
  table.writeUInt32LE(rootLocation, 2)
  table.writeUInt16LE(1, 6)
  return table
}

/** The Type M path table: the same, most significant byte first (ECMA-119, 6.9.2 and 9.4). */
export function pathTableM(rootLocation: number): Buffer {
  const table = rootRecord()
  table.writeUInt32BE(rootLocation, 2)
  table.writeUInt16BE(1, 6)
  return table
}

/** The identifier has one byte, which is zero: a padding byte follows it (ECMA-119, 9.4.5 and 9.4.6). */
function rootRecord(): Buffer {
  const identifierLength = 1
  const record = Buffer.alloc(PATH_TABLE_SIZE)
  record.writeUInt8(identifierLength, 0)
  return record
}

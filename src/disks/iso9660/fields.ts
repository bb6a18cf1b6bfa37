/** Bytes in a logical sector, and here in a logical block too (ECMA-119, 6.1.2 and 6.2.2). */
export const SECTOR = 2048

/** A 16-bit number, least significant byte first and then once more the other way round (ECMA-119, 7.2.3). */
export function bothByteOrders16(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(value, 0)
  bytes.writeUInt16BE(value, 2)
  return bytes
}

/** A 32-bit number, least significant byte first and then once more the other way round (ECMA-119, 7.3.3). */
export function bothByteOrders32(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(value, 0)
  bytes.writeUInt32BE(value, 4)
  return bytes
}

/** The seven bytes of a directory record (ECMA-119, 9.1.5) and of Rock Ridge's TF (RRIP, 4.1.6). In UTC. */
export function recordDate(date: Date): Buffer {
  const offsetFromUtc = 0
  return Buffer.from([
    date.getUTCFullYear() - 1900,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    offsetFromUtc,
  ])
}

/** The seventeen bytes of a volume descriptor: digits down to hundredths (ECMA-119, 8.4.26.1). In UTC. */
export function volumeDate(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/\D/gu, '').slice(0, 16)
  return Buffer.from(`${digits}\0`, 'ascii')
}

/** A volume descriptor's "not specified": sixteen zero digits, and zero (ECMA-119, 8.4.26.1). */
export const UNSPECIFIED_DATE: Buffer = Buffer.from(`${'0'.repeat(16)}\0`, 'ascii')

const SPACE = 0x20

/** How a hierarchy writes its text: `text` in `bytes` bytes, cut off or filled up with spaces. */
export type TextField = (text: string, bytes: number) => Buffer

/** One byte a character, as the primary volume descriptor has it (ECMA-119, 7.4). */
export const asciiField: TextField = (text, bytes) =>
  Buffer.alloc(bytes, SPACE).fill(text, 0, text.length, 'ascii')

/** Big-endian UCS-2 (Joliet, "Wide Character Byte Ordering"). The last byte of a field of odd length is zero. */
export const ucs2Field: TextField = (text, bytes) => {
  const characters = Math.floor(bytes / 2)
  return Buffer.concat([ucs2(text.slice(0, characters).padEnd(characters))], bytes)
}

/** `text` in big-endian UCS-2. */
export function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

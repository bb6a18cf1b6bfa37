const SPACE = 0x20

/** How a hierarchy writes its text: `text` in `bytes` bytes, cut off or filled up with spaces. */
export type TextField = (text: string, bytes: number) => Buffer

/** One byte a character, as the primary volume descriptor has it (ECMA-119, 7.4). */
export const asciiField: TextField = (text, bytes) =>
  Buffer.alloc(bytes, SPACE).fill(text, 0, text.length, 'ascii')

/** Big-endian UCS-2 (Joliet, "Wide Character Byte Ordering"). The last byte of a field of odd length is zero. */
export const ucs2Field: TextField = (text, bytes) => {
  const characters = Math.floor(bytes / 2)
  const field = Buffer.alloc(bytes)
  ucs2(text.slice(0, characters).padEnd(characters)).copy(field)
  return field
}

/** `text` in big-endian UCS-2. */
export function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

import {open} from 'node:fs/promises'

/** Overwrites some bytes of a file. Numbers are big-endian, as everywhere in qcow2; their width is in bytes. */
export async function patch(
  path: string,
  offset: number,
  {value, width}: {readonly value: number | bigint; readonly width: 4 | 8},
): Promise<void> {
  const bytes = Buffer.alloc(width)
  if (width === 4) {
    bytes.writeUInt32BE(Number(value))
  } else {
    bytes.writeBigUInt64BE(BigInt(value))
  }

  const file = await open(path, 'r+')
  try {
    await file.write(bytes, 0, width, offset)
  } finally {
    await file.close()
  }
}

/** A number in a file. */
export async function numberAt(path: string, offset: number): Promise<bigint> {
  const file = await open(path)
  try {
    const {buffer} = await file.read(Buffer.alloc(8), 0, 8, offset)
    return buffer.readBigUInt64BE()
  } finally {
    await file.close()
  }
}

/** Where the first table of level 2 of an image lies, in bytes. */
export async function firstL2(path: string): Promise<number> {
  const entry = await numberAt(path, Number(await numberAt(path, l1OffsetField)))
  return Number(BigInt.asUintN(56, entry))
}

/** Where the header says how many entries the table of level 1 has. */
export const l1EntriesField = 36

/** Where the header says where the table of level 1 lies. */
export const l1OffsetField = 40

/** Takes the format of its backing file out of the header of an image that has nothing before it there. */
export async function forgetBackingFormat(path: string): Promise<void> {
  // An extension of a type that nobody knows.
  await patch(path, headerLength, {value: 0x01_01_01_01, width: 4})
}

const headerLength = 112

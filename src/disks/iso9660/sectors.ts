/** Bytes in a logical sector, and here in a logical block too (ECMA-119, 6.1.2 and 6.2.2). */
export const SECTOR = 2048

/** How many sectors `bytes` take, the last one perhaps in part. */
export function sectorsFor(bytes: number): number {
  return Math.ceil(bytes / SECTOR)
}

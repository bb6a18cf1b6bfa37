/** A volume descriptor's "not specified": sixteen zero digits, and zero (ECMA-119, 8.4.26.1). */
export const UNSPECIFIED_DATE: Buffer = Buffer.from(`${'0'.repeat(16)}\0`, 'ascii')

/**
 * Refuses what the seven bytes of a directory record cannot say.
 *
 * @throws RangeError when `date` is invalid, or its year is not one from 1900 to 2155 (ECMA-119, 9.1.5)
 */
export function checkDate(date: Date): void {
  const year = date.getUTCFullYear()
  if (!(year >= 1900 && year <= 2155)) {
    throw new RangeError(`An ISO 9660 image can be dated from 1900 to 2155, not in the year ${year}`)
  }
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

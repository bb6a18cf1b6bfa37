import {UsageError} from '../errors/errors.js'
import {quoted} from '../text/printable.js'

const kibi = 1024
const units = ['K', 'M', 'G', 'T']
const format = /^(?<count>[1-9]\d*)(?<unit>[KMGT])$/u
const nearlySize = /^\s*(?<count>\d+)\s*(?<unit>[kmgt])(?:i?b)?\s*$/iu
const digits = /^\d+$/u

/** The format of a size as a JSON Schema `pattern`. */
export const sizePattern = '^[1-9][0-9]*[KMGT]$'

/** What every size has to be, as the rest of a sentence. */
export const mustBeSize = 'must be a whole number and one of K, M, G and T, such as "4G"'

/**
 * The number of bytes that a size such as `80G` stands for. K, M, G and T are powers of 1,024, as in QEMU.
 *
 * @param what it is called in a message
 * @throws UsageError
 */
export function sizeInBytes(size: string, what = 'a size'): number {
  const bytes = parseSize(size)
  if (bytes === undefined) {
    throw new UsageError(`${what} ${mustBeSize}, not ${quoted(size)}`, {hint: sizeHint(size)})
  }

  return bytes
}

/** The number of bytes of `size`, or undefined when it is no size, or more bytes than a number holds exactly. */
export function parseSize(size: string): number | undefined {
  const {count, unit = ''} = format.exec(size)?.groups ?? {}
  const bytes = Number(count) * kibi ** (units.indexOf(unit) + 1)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** What to write instead of `size`, which is no size; undefined when nobody can tell. */
export function sizeHint(size: string): string | undefined {
  if (format.test(size)) {
    return 'it has to be less than 8192T'
  }

  const {count, unit = ''} = nearlySize.exec(size)?.groups ?? {}
  if (count === undefined) {
    return digits.test(size) ? 'add the unit: K, M, G or T' : undefined
  }

  return Number(count) === 0 ? 'it has to be more than zero' : `write "${Number(count)}${unit.toUpperCase()}"`
}

/** What the kernels of current distributions need at the least, in bytes, to unpack themselves; firmware gives up below 1 MiB. */
const leastRam = 64 * 2 ** 20

/** What to tell of a guest's memory with which hardly any guest starts; undefined where there is enough. */
export function littleRam(ram: string): string | undefined {
  return sizeInBytes(ram) < leastRam
    ? `with ram ${ram} hardly any guest starts: it stays silent until its time is up`
    : undefined
}

import {sizeInBytes} from '../../instances/size.js'

/** What the kernels of current distributions need at the least, in bytes, to unpack themselves; firmware gives up below 1 MiB. */
const leastRam = 64 * 2 ** 20

/** What to tell of a guest's memory with which hardly any guest starts; undefined where there is enough. */
export function littleRam(ram: string): string | undefined {
  return sizeInBytes(ram) < leastRam
    ? `with ram ${ram} hardly any guest starts: it stays silent until its time is up`
    : undefined
}

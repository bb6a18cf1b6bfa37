import type {Readable, Writable} from 'node:stream'
import {finished} from 'node:stream/promises'
import {isRecord} from '../../contract/json-value.js'
import {settled, waitUntil} from '../../time/timer.js'

/** How long whoever reads what the guest sends may take for what is left of it when the machine is gone, in milliseconds. */
const drainLimit = 5000

/**
 * How soon a connection is read again, in milliseconds: soon for so many reads, later when it does not end. QEMU sends a serial
 * port's bytes one by one, of which a socket holds some hundreds, and each read costs a tenth of a millisecond.
 */
const readAgain = {soon: 1, later: 4, soonReads: 3000}

/** What is taken of a guest, at the pace of whoever takes it. */
interface Taken {
  take(bytes: Buffer): void
  /** Where it goes further. */
  readonly writable?: Writable | undefined
}

/**
 * Passes on what a guest sends: to one who reads more slowly than the guest sends, more slowly, so that it never fills the
 * memory. A reader that goes away is no reason to end the guest; from then on it is taken all the same.
 *
 * @param rate how much of it in a second, in bytes
 * @returns a function to be called when the machine is gone, which settles when everything is passed on, or the reader took
 *   too long for it
 */
export function passOn(source: Readable, rate: number, {take, writable}: Taken): () => Promise<void> {
  let reader = writable
  const pause = pausesOf(rate)
  let next = (): unknown => undefined
  reader?.once('error', () => {
    reader = undefined
    next()
  })
  source.on('data', (bytes: Buffer) => {
    const goOn = hold(source)
    next = () => setTimeout(goOn, pause(bytes.length))
    take(bytes)
    if (reader?.write(bytes) === false) {
      reader.once('drain', next)
    } else {
      next()
    }
  })
  const done = settled(finished(source))
  return async () => {
    await waitUntil(performance.now() + drainLimit, done)
    source.destroy()
  }
}

/** How long to wait after a read of so many bytes, in milliseconds. */
function pausesOf(rate: number): (length: number) => number {
  const {soon, later, soonReads} = readAgain
  let credit = soonReads
  let at = performance.now()
  return length => {
    const now = performance.now()
    credit = Math.min(soonReads, credit + (now - at) / later) - 1
    at = now
    return Math.max(credit > 0 ? soon : later, (length / rate) * 1000)
  }
}

/**
 * Has a stream read nothing more. Node's `pause` has a socket read on until 64 KiB are there, byte by byte where they are sent so,
 * which a guest can keep a processor busy with; it has no public way to say otherwise.
 *
 * @returns has it go on
 */
function hold(source: Readable): () => void {
  const handle: unknown = Reflect.get(source, '_handle')
  if (!isRecord(handle) || typeof handle['readStop'] !== 'function') {
    source.pause()
    return () => source.resume()
  }

  Reflect.apply(handle['readStop'], handle, [])
  return () => {
    if (Reflect.get(source, '_handle') === handle && typeof handle['readStart'] === 'function') {
      Reflect.apply(handle['readStart'], handle, [])
    }
  }
}

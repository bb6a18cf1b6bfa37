import type {Readable, Writable} from 'node:stream'
import {finished} from 'node:stream/promises'
import {setTimeout as sleep} from 'node:timers/promises'

/** How long whoever reads the console may take for what is left of it when the machine is gone, in milliseconds. */
const drainLimit = 5000

/**
 * Passes on what the guest sends to its serial port. A reader that is slower than the guest slows the guest, and never
 * fills the memory; one that goes away is no reason to end the guest. Without a reader everything is thrown away.
 *
 * @returns a function to be called when the machine is gone, which settles when everything is passed on, or the
 *   reader took too long for it
 */
export function connectConsole(source: Readable, reader: Writable | undefined): () => Promise<void> {
  if (reader === undefined) {
    source.resume()
  } else {
    source.pipe(reader, {end: false})
    reader.once('error', () => {
      source.unpipe(reader)
      source.resume()
    })
  }

  const done = finished(source).catch(() => undefined)
  return async () => {
    await Promise.race([done, sleep(drainLimit, undefined, {ref: false})])
    source.destroy()
  }
}

import {constants, fstatSync, openSync} from 'node:fs'
import {Socket} from 'node:net'
import type {Writable} from 'node:stream'

/** Opens a named pipe to be written in the background. @throws when nobody has it open for reading */
export function openPipe(path: string): Writable {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  return new Socket({fd: descriptor, readable: false, writable: true})
}

/**
 * Opens the pipe behind a descriptor of this process once more. Node writes to a standard stream that is a pipe without
 * returning until everything is taken, so that a reader that stalls would stall the whole run; the same pipe opened
 * anew is written in the background, and whoever shares the descriptor notices nothing.
 *
 * @returns undefined where the descriptor is no pipe, or the system cannot open it again
 */
export function openOwnPipe(descriptor: number): Writable | undefined {
  try {
    return fstatSync(descriptor).isFIFO() ? openPipe(`/proc/self/fd/${descriptor}`) : undefined
  } catch {
    return
  }
}

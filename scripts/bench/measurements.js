// All that is measured, by its name on the command line.
import {afterGuest} from './measurements/after-guest.js'
import {idle} from './measurements/idle.js'
import {largeFile} from './measurements/large-file.js'
import {many} from './measurements/many.js'
import {memory} from './measurements/memory.js'
import {startUp} from './measurements/start-up.js'
import {toQemu} from './measurements/to-qemu.js'
import {toReady} from './measurements/to-ready.js'

/**
 * @callback Measure
 * @param {import('./place.js').Place} place
 * @param {number} rounds that count
 * @returns {Promise<import('./row.js').Row[]>}
 */

/** @type {Readonly<Record<string, Measure>>} */
export const measurements = {
  'start-up': startUp,
  'large-file': largeFile,
  'to-qemu': toQemu,
  'after-guest': afterGuest,
  memory,
  idle,
  'to-ready-x86_64': toReady('x86_64'),
  'to-ready-aarch64': toReady('aarch64'),
  many,
}

/** Those that take little time, and which CI checks. */
export const quick = ['start-up', 'to-qemu', 'after-guest', 'memory']

import {littleRam} from '../../qemu/machine/little-ram.js'
import {checkOf} from '../check.js'

/** A guest with next to no memory does not fail: it never starts. */
export const checkRam = checkOf(['ram'], ({ram}) => {
  const message = littleRam(ram)
  const hint = 'give it "512M" or so, unless it is known to do with less'
  return message === undefined
    ? []
    : [{rule: 'vmrun/little-ram', severity: 'warning', message, hint, at: ['ram']}]
})

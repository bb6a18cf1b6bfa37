// A vmrun whose guest waits.
import {setTimeout as sleep} from 'node:timers/promises'

/** What vmrun ends with after SIGTERM. */
const terminated = 143

/**
 * @param {import('./place.js').Place} place
 * @returns {Promise<() => Promise<{pid: number, end: () => Promise<void>}>>} starts one, and waits until its guest waits
 */
export async function idleVmrun(place) {
  const {vmrun} = await place.guest({name: 'nano', arch: 'x86_64', ram: '32M', action: 'wait'})
  return async () => {
    const started = place.vmrun([...vmrun, '--console', 'stdout'], {exitCodes: [terminated]})
    await started.printed('nano: waiting')
    return {
      pid: started.pid,
      end: async () => {
        started.kill('SIGTERM')
        await started.ended
      },
    }
  }
}

/** @param {number} milliseconds */
export async function pause(milliseconds) {
  await sleep(milliseconds)
}

import {inTurn} from '../in-turn.js'
import {ratioRow} from '../row.js'

/**
 * From typing `vmrun run` to the first line that a Linux guest prints itself, beside the plain script.
 *
 * @param {'x86_64' | 'aarch64'} arch
 * @returns {import('../measurements.js').Measure}
 */
export function toReady(arch) {
  return async (place, rounds) => {
    const {vmrun, plain} = await place.guest({name: `linux-${arch}`, arch, ram: '256M', action: 'power-off'})
    const times = await inTurn(
      {
        values: () => untilReady(place.vmrun([...vmrun, '--console', 'stdout'])),
        // How long the guest takes to go off again is not measured, and on such a machine it is long.
        besides: () => untilReady(place.plainRun(plain, {exitCodes: [0, null]}), 'SIGTERM'),
      },
      rounds,
    )
    return [ratioRow({name: `to ready, ${arch}`, unit: 'ms', beside: 'the plain script', ...times})]
  }

  /**
   * @param {import('../started.js').Started} started
   * @param {NodeJS.Signals} [signal] which ends it then
   */
  async function untilReady(started, signal) {
    const ready = await started.printed(`guest: ${arch} ready`)
    if (signal !== undefined) {
      started.kill(signal)
    }

    await started.ended
    return ready - started.at
  }
}

import {inTurn} from '../in-turn.js'
import {ratioRow} from '../row.js'
import {watchQemu} from '../watched-qemu.js'

/**
 * From QEMU's end to vmrun's, when everything is gone, beside a Node that does nothing.
 *
 * @type {import('../measurements.js').Measure}
 */
export async function afterGuest(place, rounds) {
  const {vmrun} = await place.guest({name: 'nano', arch: 'x86_64', ram: '64M', action: 'power-off'})
  const {fifo, env} = await place.watched()
  const times = await inTurn(
    {
      besides: () => place.bareNode(),
      values: async () => {
        const {gone} = watchQemu(fifo)
        const ended = await place.vmrun(vmrun, {env}).ended
        await place.expectNothingLeft()
        return ended - (await gone)
      },
    },
    rounds,
  )
  return [ratioRow({name: 'after the guest', unit: 'ms', beside: 'node -e 0', ...times})]
}

import {inTurn} from '../in-turn.js'
import {ratioRow} from '../row.js'
import {watchQemu} from '../watched-qemu.js'

/**
 * From typing `vmrun run` to QEMU's start, beside a Node that does nothing, and beside the plain script.
 *
 * @type {import('../measurements.js').Measure}
 */
export async function toQemu(place, rounds) {
  const {vmrun, plain} = await place.guest({name: 'nano', arch: 'x86_64', ram: '64M', action: 'power-off'})
  const {fifo, env} = await place.watched()
  const times = await inTurn(
    {
      node: () => place.bareNode(),
      vmrun: () => untilQemu(() => place.vmrun(vmrun, {env})),
      plain: () => untilQemu(() => place.plainRun(plain, {env})),
    },
    rounds,
  )
  const measured = {name: 'to QEMU', unit: 'ms', values: times.vmrun}
  return [
    ratioRow({...measured, beside: 'node -e 0', besides: times.node}),
    ratioRow({...measured, beside: 'the plain script', besides: times.plain}),
  ]

  /** @param {() => import('../started.js').Started} start */
  async function untilQemu(start) {
    const {executed} = watchQemu(fifo)
    const started = start()
    await started.ended
    return (await executed) - started.at
  }
}

import {idleVmrun, pause} from '../idle-vmrun.js'
import {inTurn} from '../in-turn.js'
import {figureRow, ratioRow} from '../row.js'
import {memoryOf, ownMemoryOf} from '../supervisor.js'

/** How long a process has been waiting when it is looked at, in milliseconds. */
const settling = 1000

const waitForLong = 'setTimeout(() => undefined, 100_000); console.log("waiting")'

/**
 * The memory of a vmrun whose guest runs, and what of it depends on nobody else, beside a Node that waits.
 *
 * @type {import('../measurements.js').Measure}
 */
export async function memory(place, rounds) {
  const start = await idleVmrun(place)
  const {vmruns, nodes} = await inTurn(
    {
      vmruns: async () => {
        const vmrun = await start()
        const found = await look(vmrun.pid)
        await vmrun.end()
        return found
      },
      nodes: async () => {
        // Node has no exit code when a signal ends it.
        const node = place.start([process.execPath, '-e', waitForLong], {exitCodes: [null]})
        await node.printed('waiting')
        const found = await look(node.pid)
        node.kill('SIGTERM')
        await node.ended
        return found
      },
    },
    rounds,
  )
  return [
    figureRow({name: 'memory of the supervisor', unit: 'MB', values: vmruns.map(({all}) => all)}),
    ratioRow({
      name: 'memory of its own',
      unit: 'MB',
      values: vmruns.map(({own}) => own),
      beside: 'a node that waits',
      besides: nodes.map(({own}) => own),
    }),
  ]
}

/** @param {number} pid */
async function look(pid) {
  await pause(settling)
  return {all: await memoryOf(pid), own: await ownMemoryOf(pid)}
}

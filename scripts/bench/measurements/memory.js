import {idleVmrun, pause} from '../idle-vmrun.js'
import {inTurn} from '../in-turn.js'
import {ratioRow} from '../row.js'
import {memoryOf} from '../supervisor.js'

/** How long a process has been waiting when it is looked at, in milliseconds. */
const settling = 1000

const waitForLong = 'setTimeout(() => undefined, 100_000); console.log("waiting")'

/**
 * The memory of a vmrun whose guest runs, beside a Node that waits.
 *
 * @type {import('../measurements.js').Measure}
 */
export async function memory(place, rounds) {
  const start = await idleVmrun(place)
  const megabytes = await inTurn(
    {
      values: async () => {
        const vmrun = await start()
        await pause(settling)
        const value = await memoryOf(vmrun.pid)
        await vmrun.end()
        return value
      },
      besides: async () => {
        // Node has no exit code when a signal ends it.
        const node = place.start([process.execPath, '-e', waitForLong], {exitCodes: [null]})
        await node.printed('waiting')
        await pause(settling)
        const value = await memoryOf(node.pid)
        node.kill('SIGTERM')
        await node.ended
        return value
      },
    },
    rounds,
  )
  return [ratioRow({name: 'memory of the supervisor', unit: 'MB', beside: 'a node that waits', ...megabytes})]
}

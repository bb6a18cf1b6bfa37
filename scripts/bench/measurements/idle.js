import {idleVmrun, pause} from '../idle-vmrun.js'
import {inTurn} from '../in-turn.js'
import {figureRow} from '../row.js'
import {processorTimeOf} from '../supervisor.js'

/** How long the start still has effects, and how long is measured then, both in milliseconds. */
const [settling, watched] = [2000, 5000]

/**
 * What a vmrun takes of a processor while its guest does nothing.
 *
 * @type {import('../measurements.js').Measure}
 */
export async function idle(place, rounds) {
  const start = await idleVmrun(place)
  const {values} = await inTurn(
    {
      values: async () => {
        const vmrun = await start()
        await pause(settling)
        const [before, from] = [await processorTimeOf(vmrun.pid), performance.now()]
        await pause(watched)
        const used = (await processorTimeOf(vmrun.pid)) - before
        const share = (used / (performance.now() - from)) * 100
        await vmrun.end()
        return share
      },
    },
    rounds,
  )
  return [figureRow({name: 'an idle supervisor', unit: '% of a core', values})]
}

import {writeFile} from 'node:fs/promises'
import {inTurn} from '../in-turn.js'
import {instances} from '../instances.js'
import {ratioRow} from '../row.js'

/**
 * Validating a file of 10,000 instances, beside a Node that does nothing.
 *
 * @type {import('../measurements.js').Measure}
 */
export async function largeFile(place, rounds) {
  const file = place.path('large.json')
  await writeFile(file, instances(10_000))
  const times = await inTurn(
    {
      besides: () => place.bareNode(),
      values: () => place.duration([process.execPath, place.program, 'validate', '--no-host-checks', file]),
    },
    rounds,
  )
  return [ratioRow({name: 'validate, 10,000 instances', unit: 'ms', beside: 'node -e 0', ...times})]
}

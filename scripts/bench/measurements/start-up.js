import {writeFile} from 'node:fs/promises'
import {inTurn} from '../in-turn.js'
import {instances} from '../instances.js'
import {ratioRow} from '../row.js'

/**
 * The commands that only read, from start to end, beside a Node that does nothing.
 *
 * @type {import('../measurements.js').Measure}
 */
export async function startUp(place, rounds) {
  const file = place.path('one.json')
  await writeFile(file, instances(1))
  const times = await inTurn(
    {
      'node -e 0': () => place.bareNode(),
      '--version': () => vmrun('--version'),
      '--help': () => vmrun('--help'),
      list: () => vmrun('list', '--file', file),
      'validate, one file': () => vmrun('validate', '--no-host-checks', file),
    },
    rounds,
  )
  const {'node -e 0': besides, ...commands} = times
  return Object.entries(commands).map(([name, values]) =>
    ratioRow({name, unit: 'ms', values, beside: 'node -e 0', besides}),
  )

  /** @param {string[]} words */
  async function vmrun(...words) {
    return await place.duration([process.execPath, place.program, ...words])
  }
}

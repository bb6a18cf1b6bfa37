import {idleVmrun} from '../idle-vmrun.js'
import {inTurn} from '../in-turn.js'
import {ratioRow} from '../row.js'
import {memoryOf, processorTimeOf} from '../supervisor.js'

/**
 * Many vmruns at once, with a guest each that ends by itself, beside as many times one alone; and what the supervisor
 * of each takes when the guests of all run, beside that of a vmrun which is alone.
 *
 * @type {import('../measurements.js').Measure}
 */
export async function many(place, rounds) {
  return [...(await times(place, rounds)), ...(await supervisors(place, rounds))]
}

/** @type {import('../measurements.js').Measure} */
async function times(place, rounds) {
  const {vmrun} = await place.guest({name: 'nano', arch: 'x86_64', ram: '32M', action: 'power-off'})
  /** @param {number} count */
  const together = async count => {
    const start = performance.now()
    await Promise.all(Array.from({length: count}, () => place.vmrun(vmrun).ended))
    const end = performance.now()
    await place.expectNothingLeft()
    return end - start
  }
  const {one, ten, fifty} = await inTurn(
    {one: () => together(1), ten: () => together(10), fifty: () => together(50)},
    rounds,
  )
  return [
    row(
      '10 at once',
      ten,
      '10 × one',
      one.map(time => 10 * time),
    ),
    row(
      '50 at once',
      fifty,
      '50 × one',
      one.map(time => 50 * time),
    ),
  ]

  /**
   * @param {string} name
   * @param {readonly number[]} values
   * @param {string} beside
   * @param {readonly number[]} besides
   */
  function row(name, values, beside, besides) {
    return ratioRow({name, unit: 'ms', values, beside, besides})
  }
}

/** @type {import('../measurements.js').Measure} */
async function supervisors(place, rounds) {
  const start = await idleVmrun(place)
  const {one, ten, fifty} = await inTurn(
    {one: () => each(1), ten: () => each(10), fifty: () => each(50)},
    rounds,
  )
  return [
    {count: 10, looks: ten},
    {count: 50, looks: fifty},
  ].flatMap(({count, looks}) => [
    ratioRow({
      name: `memory of each of ${count}`,
      unit: 'MB',
      values: looks.map(({memory}) => memory),
      beside: 'one alone',
      besides: one.map(({memory}) => memory),
    }),
    ratioRow({
      name: `processor time of each of ${count} until its guest runs`,
      unit: 'ms',
      values: looks.map(({processorTime}) => processorTime),
      beside: 'one alone',
      besides: one.map(({processorTime}) => processorTime),
    }),
  ])

  /** @param {number} count */
  async function each(count) {
    const running = await Promise.all(Array.from({length: count}, start))
    const memory = await mean(running.map(({pid}) => memoryOf(pid)))
    const processorTime = await mean(running.map(({pid}) => processorTimeOf(pid)))
    await Promise.all(running.map(({end}) => end()))
    return {memory, processorTime}
  }
}

/** @param {readonly Promise<number>[]} values */
async function mean(values) {
  return (await Promise.all(values)).reduce((sum, one) => sum + one, 0) / values.length
}

import {readdir} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {Host} from '../e2e/host.js'
import {type Fault, instances, type UndisturbedRun} from './fault.js'
import {randomNumbers} from './random.js'
import {filesBelow, processesAt, whatStays} from './residue.js'
import type {Row} from './table.js'

/** How a fault is to be played. */
export interface Game {
  readonly rounds: number
  /** What the random numbers begin with. */
  readonly seed: number
  readonly undisturbed: UndisturbedRun
  /** The cache directory of all hosts, which outlives every run; without it each has one of its own. */
  readonly cache?: string
  /** How long something may be left after a round, in milliseconds, before it counts. */
  readonly limit?: number
}

/** Plays the rounds of a fault, as many at once as there are processors, each on a host of its own. */
export async function play(fault: Fault, game: Game): Promise<Row> {
  const row = {
    fault: fault.name,
    rounds: game.rounds,
    struck: 0,
    endings: [] as string[],
    residue: [] as string[],
  }
  let next = 0
  const lanes = Array.from({length: availableParallelism()}, async () => {
    for (let index = next++; index < game.rounds; index = next++) {
      const {struck, endings, residue} = await playRound(fault, index, game)
      row.struck += Number(struck)
      row.endings.push(...endings)
      row.residue.push(...residue.map(line => `round ${index}: ${line}`))
    }
  })
  await Promise.all(lanes)
  return row
}

interface PlayedRound {
  readonly struck: boolean
  readonly endings: readonly string[]
  readonly residue: readonly string[]
}

/** Plays one round. Nothing but what the fault itself starts has a chance to clean up. */
async function playRound(
  fault: Fault,
  index: number,
  {seed, undisturbed, cache, limit}: Game,
): Promise<PlayedRound> {
  const host = await Host.with(...instances)
  host.environment['VMRUN_CACHE_DIR'] = cache ?? host.environment['VMRUN_CACHE_DIR']
  // vmrun keeps the directory for its run records, and nothing in it.
  const known = [...(await readdir(host.directory, {recursive: true})), 'state']
  const number = seed + index
  const random = randomNumbers(number)
  const {struck, endings, wrong = []} = await fault.strike({host, number, random, undisturbed})
  const left = await whatStays(
    async () => [...(await processesAt(host.directory)), ...(await filesBelow(host.directory, known))],
    limit,
  )
  return {struck, endings, residue: [...wrong, ...left]}
}

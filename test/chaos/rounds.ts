import {readdir} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {Host} from '../e2e/host.js'
import {type Fault, instances, type UndisturbedRun} from './fault.js'
import {filesBelow, processesAt, whatStays} from './residue.js'

/** How a fault is to be played. */
export interface Game {
  readonly rounds: number
  /** What the random numbers begin with. */
  readonly seed: number
  readonly undisturbed: UndisturbedRun
  /** How long something may be left after a round, in milliseconds, before it counts. */
  readonly limit?: number
}

/** What came of one fault. */
export interface Row {
  readonly fault: string
  readonly rounds: number
  /** In how many of them the fault hit something that was still running. */
  readonly struck: number
  /** The exit codes, or `killed`. */
  readonly endings: readonly string[]
  /** What was left, a line each. */
  readonly residue: readonly string[]
}

/** Plays the rounds of a fault, as many at once as there are processors, each on a host of its own. */
export async function play(fault: Fault, game: Game): Promise<Row> {
  const endings: string[] = []
  const residue: string[] = []
  let struck = 0
  let next = 0
  const lanes = Array.from({length: availableParallelism()}, async () => {
    for (let index = next++; index < game.rounds; index = next++) {
      const played = await playRound(fault, game.seed + index, game)
      struck += Number(played.struck)
      endings.push(...played.endings)
      residue.push(...played.residue.map(line => `round ${index}: ${line}`))
    }
  })
  await Promise.all(lanes)
  return {fault: fault.name, rounds: game.rounds, struck, endings, residue}
}

/** Plays one round. Nothing but what the fault itself starts has a chance to clean up. */
async function playRound(
  fault: Fault,
  number: number,
  {undisturbed, limit}: Game,
): Promise<Pick<Row, 'endings' | 'residue'> & {readonly struck: boolean}> {
  const host = await Host.with(...instances)
  // vmrun keeps the directory for its run records, and nothing in it.
  const known = [...(await readdir(host.directory, {recursive: true})), 'state']
  const random = randomNumbers(number)
  const {struck, endings, wrong = []} = await fault.strike({host, number, random, undisturbed})
  const left = await whatStays(
    async () => [...(await processesAt(host.directory)), ...(await filesBelow(host.directory, known))],
    limit,
  )
  return {struck, endings, residue: [...wrong, ...left]}
}

/** Numbers from 0 to below 1 that look random and are the same for the same seed (mulberry32, by Tommy Ettinger). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The rows and their sums as a table in Markdown. */
export function table(rows: readonly Row[]): string {
  const all = {
    fault: '**all**',
    rounds: sum(rows.map(({rounds}) => rounds)),
    struck: sum(rows.map(({struck}) => struck)),
    endings: rows.flatMap(({endings}) => endings),
    residue: rows.flatMap(({residue}) => residue),
  }
  const lines = [
    ['fault', 'rounds', 'struck', 'residue', 'exit codes'],
    ['---', '---:', '---:', '---:', '---'],
    ...[...rows, all].map(row => [row.fault, row.rounds, row.struck, row.residue.length, tally(row.endings)]),
  ]
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** How often each is there: `0 × 3, 143 × 7`. */
function tally(endings: readonly string[]): string {
  const kinds = Array.from(new Set(endings.toSorted()))
  return kinds.map(kind => `${kind} × ${endings.filter(one => one === kind).length}`).join(', ')
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

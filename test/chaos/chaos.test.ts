import {describe, expect, test} from 'vitest'
import {Host} from '../e2e/host.js'
import {instances, type UndisturbedRun, watchUndisturbed} from './fault.js'
import {faults} from './faults.js'
import {play, type Row, sum, table} from './rounds.js'

const rounds = Number(process.env['VMRUN_CHAOS_ROUNDS'] || 20)
const seed = Number(process.env['VMRUN_CHAOS_SEED'] || Math.floor(Math.random() * 2 ** 31))
const sumOfShares = sum(faults.map(({share}) => share))

const rows: Row[] = []

describe.runIf(process.platform === 'linux')(`with the seed ${seed}, nothing is left after`, () => {
  let watched: Promise<UndisturbedRun> | undefined

  test.each(faults.map((fault, index) => ({...fault, seed: seed + index * 1_000_003})))(
    '$name',
    async ({seed: ownSeed, ...fault}) => {
      watched ??= Host.with(...instances).then(watchUndisturbed)
      const row = await play(fault, {
        rounds: Math.max(1, Math.round((rounds * fault.share) / sumOfShares)),
        seed: ownSeed,
        undisturbed: await watched,
      })
      rows.push(row)
      expect(row.residue).toEqual([])
      // A fault that seldom hits shows nothing; in fewer than five rounds that may be chance.
      expect(row.struck).toBeGreaterThanOrEqual(row.rounds / 2 - 2)
    },
    60_000 + rounds * 10_000,
  )

  // With few rounds a fault, this tells what the single ones cannot.
  test('most of it, as most faults hit something that was still running', () => {
    process.stdout.write(`\n${table(rows)}\n\nThe seed was ${seed}.\n\n`)
    const played = sum(rows.map(row => row.rounds))
    expect(sum(rows.map(({struck}) => struck))).toBeGreaterThanOrEqual(played / 2)
  })
})

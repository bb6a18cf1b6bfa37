import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {Host} from '../e2e/host.js'
import {instances, type UndisturbedRun, watchUndisturbed} from './fault.js'
import {faults} from './faults.js'
import {play} from './rounds.js'
import {type Row, table} from './table.js'

const rounds = Number(process.env['VMRUN_CHAOS_ROUNDS'] || 60)
const seed = Number(process.env['VMRUN_CHAOS_SEED'] || Math.floor(Math.random() * 2 ** 31))
const sumOfShares = sum(faults.map(({share}) => share))

const rows: Row[] = []

describe.runIf(process.platform === 'linux')(`with the seed ${seed}, nothing is left after`, () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'vmrun-chaos-cache-'))
  let watched: Promise<UndisturbedRun> | undefined

  afterAll(() => {
    rmSync(cache, {recursive: true})
    process.stdout.write(`\n${table(rows)}\n\nThe seed was ${seed}.\n\n`)
  })

  test.each(faults.map((fault, index) => ({...fault, seed: seed + index * 1_000_003})))(
    '$name',
    async ({seed: ownSeed, ...fault}) => {
      watched ??= watchWith(cache)
      const row = await play(fault, {
        rounds: Math.max(1, Math.round((rounds * fault.share) / sumOfShares)),
        seed: ownSeed,
        undisturbed: await watched,
        cache,
      })
      rows.push(row)
      expect(row.residue).toEqual([])
      // A fault that seldom hits shows nothing; in fewer than five rounds that may be chance.
      expect(row.struck).toBeGreaterThanOrEqual(row.rounds / 2 - 2)
    },
    60_000 + rounds * 10_000,
  )
})

// With few rounds a fault, this tells what the single ones cannot.
test.runIf(process.platform === 'linux')('most faults hit something that was still running', () => {
  const played = sum(rows.map(row => row.rounds))
  expect(sum(rows.map(({struck}) => struck))).toBeGreaterThanOrEqual(played / 2)
})

/** An undisturbed run, behind one that fills the cache, as on a host that runs many. */
async function watchWith(cache: string): Promise<UndisturbedRun> {
  const host = await Host.with(...instances)
  host.environment['VMRUN_CACHE_DIR'] = cache
  await host.vmrun('run', 'brief')
  return await watchUndisturbed(host)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

// The command line of the benchmarks.
import path from 'node:path'
import {parseArgs} from 'node:util'
import {measurements, quick} from './measurements.js'

export const usage = `npm run bench [-- OPTION…]          measures vmrun beside what is run in turn with it
npm run bench:check [-- OPTION…]    fails where a ratio got worse than the stored one

  --only NAME[,NAME…]   measures these only: ${Object.keys(measurements).join(', ')}
  --rounds N            how many rounds count, from 1 on; 11 if not given
  --program PATH        another vmrun's bin/run.js, instead of this tree's, packed
  --store               writes the results, and the table in docs/performance.md
  --results FILE        where results are stored, instead of scripts/bench/results.json
`

const roundsPattern = /^[1-9]\d{0,3}$/u

/** Wrong arguments, in a sentence. */
export class UsageError extends Error {}

/**
 * @typedef {object} Options
 * @property {readonly string[]} names of the measurements
 * @property {number} rounds
 * @property {string | undefined} program
 * @property {boolean} store
 * @property {boolean} check
 * @property {string | undefined} results
 */

/**
 * @param {readonly string[]} words
 * @returns {Options}
 * @throws UsageError
 */
export function readArguments(words) {
  const {check, store, results, program, only, rounds} = parsed(words)
  if (check && store) {
    throw new UsageError('--check compares, and stores nothing: leave out --store')
  }

  const names = only?.split(',') ?? (check ? quick : Object.keys(measurements))
  const unknown = names.find(name => !Object.hasOwn(measurements, name))
  if (unknown !== undefined) {
    throw new UsageError(`no measurement is called "${unknown}"`)
  }

  if (!roundsPattern.test(rounds)) {
    throw new UsageError(`--rounds takes a number from 1 to 9999, not "${rounds}"`)
  }

  return {check, store, results, names, rounds: Number(rounds), program: program && path.resolve(program)}
}

/** @param {readonly string[]} words */
function parsed(words) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        check: {type: 'boolean', default: false},
        store: {type: 'boolean', default: false},
        results: {type: 'string'},
        program: {type: 'string'},
        only: {type: 'string'},
        rounds: {type: 'string', default: '11'},
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), {cause: error})
  }
}

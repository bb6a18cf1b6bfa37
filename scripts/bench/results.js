// The results that are stored: results.json.
import {readFile, writeFile} from 'node:fs/promises'
import {titleOf} from './row.js'

/**
 * What one version of Node was measured to.
 *
 * @typedef {object} Result
 * @property {string} date of the latest measurement: YYYY-MM-DD
 * @property {string} vmrun its version
 * @property {import('./machine.js').Machine} machine
 * @property {import('./row.js').Row[]} rows
 */

/**
 * By the setting of Node: see machine.js.
 *
 * @typedef {Readonly<Record<string, Result>>} Results
 */

/**
 * @param {URL | string} file
 * @returns {Promise<Results>} empty where there is no file
 */
export async function readResults(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return {}
    }

    throw error
  }
}

/**
 * @param {URL | string} file
 * @param {Results} results
 */
export async function writeResults(file, results) {
  await writeFile(file, `${JSON.stringify(results, roundNumbers, 2)}\n`)
}

/**
 * Puts a new result in the place of the old one. Rows that were not measured again stay as they are, if the machine is
 * the same: the table is that of one machine.
 *
 * @param {Result | undefined} old
 * @param {Result} fresh
 * @returns {Result}
 */
export function mergeResult(old, fresh) {
  if (!old || JSON.stringify(old.machine) !== JSON.stringify(fresh.machine)) {
    return fresh
  }

  const measured = new Map(fresh.rows.map(row => [titleOf(row), row]))
  const kept = old.rows.map(row => {
    const again = measured.get(titleOf(row)) ?? row
    measured.delete(titleOf(row))
    return again
  })
  return {...fresh, rows: [...kept, ...measured.values()]}
}

/**
 * @param {string} _key
 * @param {unknown} value
 */
function roundNumbers(_key, value) {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value
}

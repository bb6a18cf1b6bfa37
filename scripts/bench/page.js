// The part of docs/performance.md that is written by `npm run bench -- --store`.
import {readFile, writeFile} from 'node:fs/promises'
import {machineText, table} from './table.js'

const [begin, end] = ['<!-- npm run bench -- --store: begin -->', '<!-- npm run bench -- --store: end -->']

/**
 * @param {import('./results.js').Results} results
 * @returns {string}
 */
function resultsText(results) {
  return Object.entries(results)
    .map(([setting, {date, vmrun, machine, rows}]) =>
      [`### Node ${setting}`, `vmrun ${vmrun} on ${date}: ${machineText(machine)}.`, table(rows)].join(
        '\n\n',
      ),
    )
    .join('\n\n')
}

/**
 * Puts the results between the two comments of a page.
 *
 * @param {string} page
 * @param {import('./results.js').Results} results
 * @returns {string}
 */
export function withResults(page, results) {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) {
    throw new Error(`the page has no ${begin} before a ${end}`)
  }

  return `${page.slice(0, from + begin.length)}\n\n${resultsText(results)}\n\n${page.slice(to)}`
}

/**
 * @param {URL | string} file
 * @param {import('./results.js').Results} results
 */
export async function writePage(file, results) {
  await writeFile(file, withResults(await readFile(file, 'utf8'), results))
}

// How quick vmrun is, as ratios to what is run beside it in turn: npm run bench
import {readFile} from 'node:fs/promises'
import {loadavg} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {readArguments, UsageError, usage} from './arguments.js'
import {check} from './check.js'
import {nodeSetting, thisMachine} from './machine.js'
import {measurements} from './measurements.js'
import {withPackedVmrun} from './packed-vmrun.js'
import {writePage} from './page.js'
import {Place} from './place.js'
import {mergeResult, readResults, writeResults} from './results.js'
import {machineText, table} from './table.js'

const ownResults = fileURLToPath(new URL('results.json', import.meta.url))
const pageFile = new URL('../../docs/performance.md', import.meta.url)

// The user that QEMU runs as reads what is written here.
process.umask(0o022)
for (const [signal, exitCode] of Object.entries({SIGINT: 130, SIGTERM: 143})) {
  process.on(signal, () => process.exit(exitCode))
}

try {
  const options = readArguments(process.argv.slice(2))
  const act = options.check ? checkVmrun : benchVmrun
  await (options.program === undefined
    ? withPackedVmrun(program => act(program, options))
    : act(options.program, options))
} catch (error) {
  if (!(error instanceof UsageError)) {
    throw error
  }

  process.stderr.write(`${error.message}\n\n${usage}`)
  process.exitCode = 2
}

/**
 * @param {string} program vmrun's executable
 * @param {import('./arguments.js').Options} options
 */
async function benchVmrun(program, {names, rounds, store, results: resultsFile = ownResults}) {
  const machine = await thisMachine()
  const [load = 0] = loadavg()
  if (store && load > machine.cores / 2) {
    process.stderr.write(
      `The host is busy (load ${load.toFixed(1)}): a check against what it measures now sees less.\n`,
    )
  }

  const rows = []
  for (const name of names) {
    rows.push(...(await measure(program, name, rounds)))
  }

  process.stdout.write(`${machineText(machine)}\n\n${table(rows)}\n`)
  if (store) {
    const stored = await readResults(resultsFile)
    const date = new Date().toISOString().slice(0, 10)
    const fresh = {date, vmrun: await versionOf(program), machine, rows}
    const results = {...stored, [nodeSetting()]: mergeResult(stored[nodeSetting()], fresh)}
    await writeResults(resultsFile, results)
    if (resultsFile === ownResults) {
      await writePage(pageFile, results)
    }
  }
}

/**
 * @param {string} program
 * @param {import('./arguments.js').Options} options
 */
async function checkVmrun(program, {names, rounds, results: resultsFile = ownResults}) {
  const stored = (await readResults(resultsFile))[nodeSetting()]?.rows
  if (stored === undefined) {
    process.stdout.write(`Nothing is compared: no results are stored for Node ${nodeSetting()}.\n`)
    return
  }

  const isGood = await check({
    names,
    rounds,
    stored,
    measure: (name, count) => measure(program, name, count),
    report: line => process.stdout.write(`${line}\n`),
  })
  if (!isGood) {
    process.stderr.write(
      'What is worse has a ratio half as large again as the stored one, each time that it was measured; what is new has to be stored.\n',
    )
    process.exitCode = 1
  }
}

/**
 * @param {string} program
 * @param {string} name
 * @param {number} rounds
 */
async function measure(program, name, rounds) {
  process.stderr.write(`Measuring ${name}, ${rounds} rounds\n`)
  const measurement = measurements[name]
  return measurement ? await Place.with(program, place => measurement(place, rounds)) : []
}

/** @param {string} program */
async function versionOf(program) {
  const text = await readFile(path.join(path.dirname(program), '../package.json'), 'utf8')
  return String(JSON.parse(text).version)
}
